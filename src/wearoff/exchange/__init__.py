"""Results in and out of other programs' formats; nothing is computed here that is not in the library already."""
