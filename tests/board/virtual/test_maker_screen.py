"""The Wio Terminal's screen as makers use it: a cursor, numbers, outlines, triangles."""

import numpy as np

from tinyml_course.board.run import run_sketch

HEAD = "#include <TFT_eSPI.h>\nTFT_eSPI tft;\n"


def drawn(write_sketch, statements):
    sketch = write_sketch(
        f"{HEAD}void setup() {{ tft.begin(); tft.setRotation(3); {statements} }}\n"
        "void loop() { delay(1000); }"
    )
    return run_sketch(sketch, "wio_terminal", seconds=0.5).board.screen


def test_printing_from_a_cursor(write_sketch):
    screen = drawn(
        write_sketch,
        """
        tft.setTextSize(2); tft.setCursor(10, 20); tft.print("t = "); tft.print(2.5, 1);
        tft.println(" C"); tft.print(tft.getCursorX()); tft.print(' '); tft.print(tft.getCursorY());
        tft.setCursor(300, 100); tft.print("wrap"); tft.printf("%d%%", 7);
        tft.drawFloat(-1.256f, 2, 0, 200); tft.drawString(String("text") + 1, 0, 220);
        """,
    )
    words = "".join(screen.texts)
    assert words.startswith("t = 2.5 C0 36wrap7%-1.26text1")
    assert screen.texts.count("w") == 1  # one letter fits, the others begin the next line
    lit = screen.image.any(axis=2)
    assert lit[20:36, 10:118].any()
    assert lit[116:132, :36].any()


def test_circles_and_triangles(write_sketch):
    screen = drawn(
        write_sketch,
        """
        tft.drawCircle(50, 50, 20, TFT_RED);
        tft.fillTriangle(100, 100, 160, 100, 100, 140, TFT_GREEN);
        tft.drawTriangle(200, 100, 260, 100, 200, 140, TFT_BLUE);
        tft.fillTriangle(10, 200, 40, 200, 20, 200, TFT_WHITE);
        """,
    )
    image = screen.image
    rows, columns = np.nonzero((image == (255, 0, 0)).all(axis=2))
    radius = np.hypot(rows - 50, columns - 50)
    assert len(rows) > 90
    assert abs(radius - 20).max() < 0.75
    green = (image == (0, 255, 0)).all(axis=2)
    rows, columns = np.indices(green.shape)
    inside = (columns >= 100) & (rows >= 100) & ((columns - 100) / 60 + (rows - 100) / 40 <= 1)
    assert (green & ~inside).sum() < 45  # the edge is rounded
    assert (inside & ~green).sum() < 45
    blue = (image == (0, 0, 255)).all(axis=2)
    assert blue[100, 200:261].all()
    assert blue[100:141, 200].all()
    assert not blue[110, 205:220].any()
    assert (image[200, 10:41] == 255).all()
