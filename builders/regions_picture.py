"""Draws the regions on the sample person: docs/regions.jpg.

    python builders/regions_picture.py
"""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

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


def main() -> None:
    tools = open_tools(find_models(os.environ).contents)
    with sample.folder() as folder:
        first = sorted((folder / "photos").glob("*.jpg"))[0]
        photo = read_photo(first, first.name)
    assert isinstance(photo, Photo)
    (face,) = find_faces(photo.pixels, tools.landmarker)
    picture = cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2BGR)
    face_map = cv2.cvtColor(make_face_map(photo.pixels, face, tools.atlas).rgb, cv2.COLOR_RGB2BGR)
    where_x, where_y = dense_warp(face, tools.atlas)
    for region, mask in tools.atlas.regions.items():
        outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for outline in outlines:
            at = outline[:, 0]
            on_photo = np.stack([where_x[at[:, 1], at[:, 0]], where_y[at[:, 1], at[:, 0]]], axis=1)
            for image, points in ((picture, on_photo), (face_map, at)):
                cv2.polylines(image, [np.round(points * 16).astype(np.int32)], True, COLOURS[region], 3, cv2.LINE_AA, 4)
            x, y = on_photo.mean(axis=0)
            name = NAMES[region]
            (width, _), _ = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 1)
            place = (int(np.clip(x - width / 2, 4, picture.shape[1] - width - 4)), int(y) + 5)
            cv2.putText(picture, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 4, cv2.LINE_AA)
            cv2.putText(picture, name, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, COLOURS[region], 1, cv2.LINE_AA)
    height = picture.shape[0]
    face_map = cv2.resize(face_map, (round(face_map.shape[1] * height / face_map.shape[0]), height))
    both = cv2.resize(np.hstack([picture, face_map]), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(OUT), both, [cv2.IMWRITE_JPEG_QUALITY, 85])
    print(f"wrote {OUT}")


if __name__ == "__main__":
    main()
