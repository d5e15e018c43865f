"""Photo -> Face, Face -> FaceMap: landmarks, pose, scale, expression, and the face in one canonical frame."""

from wearoff.face.atlas import Atlas, make_atlas
from wearoff.face.canonical import CanonicalFace
from wearoff.face.expression import pick_rest, read_against_rest, read_alone, read_timepoint
from wearoff.face.facemap import make_face_map
from wearoff.face.finding import find_faces
from wearoff.face.identity import (
    OTHER_PROPORTIONS,
    SAME_SKIN,
    SkinPrint,
    group_people,
    proportions,
    proportions_distance,
    skin_print,
    skin_similarity,
)
from wearoff.face.landmarker import MODEL_NAMES, Landmarker
from wearoff.face.portrait import PORTRAIT_HEIGHT, PORTRAIT_WIDTH, make_portrait, portrait_transform
from wearoff.face.pose import on_one_scale
from wearoff.face.values import ExpressionReading, Face, FaceMap, HeadPose

__all__ = [
    "MODEL_NAMES",
    "OTHER_PROPORTIONS",
    "PORTRAIT_HEIGHT",
    "PORTRAIT_WIDTH",
    "SAME_SKIN",
    "Atlas",
    "CanonicalFace",
    "ExpressionReading",
    "Face",
    "FaceMap",
    "HeadPose",
    "Landmarker",
    "SkinPrint",
    "find_faces",
    "group_people",
    "make_atlas",
    "make_face_map",
    "make_portrait",
    "on_one_scale",
    "pick_rest",
    "portrait_transform",
    "proportions",
    "proportions_distance",
    "read_against_rest",
    "read_alone",
    "read_timepoint",
    "skin_print",
    "skin_similarity",
]
