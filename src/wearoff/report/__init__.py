"""Results to what people open and read: report.html, tables in the terminal, records for programs; computes nothing."""
