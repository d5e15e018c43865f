"""Draws the regions on the sample person: docs/regions.jpg.

python builders/regions_picture.py
"""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from wearoff import sample
from wearoff.face import find_faces, make_face_map
from wearoff.face.facemap import dense_warp
from wearoff.models import find_models
from wearoff.photo import Photo, read_photo
from wearoff.pipeline import open_tools
from wearoff.terms import Region

OUT = Path(__file__).parent.parent / "docs" / "regions.jpg"
COLOURS = {
    Region.FOREHEAD: (92, 122, 15),
    Region.GLABELLA: (43, 109, 184),
    Region.CROWS_FEET_LEFT: (146, 72, 132),
    Region.CROWS_FEET_RIGHT: (146, 72, 132),
}
NAMES = {
    Region.FOREHEAD: "forehead",
    Region.GLABELLA: "glabella",
    Region.CROWS_FEET_LEFT: "crows_feet_left",
    Region.CROWS_FEET_RIGHT: "crows_feet_right",
}


def _labelled(picture: np.ndarray, labels: list[tuple[str, np.ndarray, tuple[int, int, int]]]) -> np.ndarray:
    image = Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(22)
    for name, (x, y), (blue, green, red) in labels:
        half = draw.textlength(name, font=font) / 2
        at = (float(np.clip(x, half + 6, image.width - half - 6)), float(y))
        draw.text(at, name, (red, green, blue), font, anchor="mm", stroke_width=4, stroke_fill="white")
    return cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR)


def main() -> None:
    tools = open_tools(find_models(os.environ).contents)
    with sample.folder() as folder:
        first = sorted((folder / "photos").glob("*.jpg"))[0]
        photo = read_photo(first, first.name)
    assert isinstance(photo, Photo)
    (face,) = find_faces(photo.pixels, tools.landmarker)
    picture = cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2BGR)
    face_map = cv2.cvtColor(make_face_map(photo.pixels, face, tools.atlas).rgb, cv2.COLOR_RGB2BGR)
    labels: list[tuple[str, np.ndarray, tuple[int, int, int]]] = []
    where_x, where_y = dense_warp(face, tools.atlas)
    for region, mask in tools.atlas.regions.items():
        outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            at = outline[:, 0]
            on_photo = np.stack([where_x[at[:, 1], at[:, 0]], where_y[at[:, 1], at[:, 0]]], axis=1)
            for image, points in ((picture, on_photo), (face_map, at)):
                cv2.polylines(image, [np.round(points * 16).astype(np.int32)], True, COLOURS[region], 3, cv2.LINE_AA, 4)
            labels.append((NAMES[region], on_photo.mean(axis=0), COLOURS[region]))
    picture = _labelled(picture, labels)
    height = picture.shape[0]
    face_map = cv2.resize(face_map, (round(face_map.shape[1] * height / face_map.shape[0]), height))
    both = cv2.resize(np.hstack([picture, face_map]), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(OUT), both, [cv2.IMWRITE_JPEG_QUALITY, 85])
    print(f"wrote {OUT}")


if __name__ == "__main__":
    main()
