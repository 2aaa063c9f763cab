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


def test_texts_take_as_much_room_as_the_real_fonts(write_sketch):
    sketch = write_sketch(
        f"""{HEAD}void setup() {{
          Serial.begin(9600); tft.begin(); tft.setRotation(3);
          Serial.println(tft.textWidth("12.5", 2)); Serial.println(tft.textWidth("12.5", 4));
          Serial.println(tft.textWidth("12:5", 7)); Serial.println(tft.fontHeight(6));
          tft.setFreeFont(&FreeSans9pt7b); Serial.println(tft.textWidth("Ag"));
          Serial.println(tft.fontHeight());
        }}
        void loop() {{ delay(1000); }}"""
    )
    lines = run_sketch(sketch, "wio_terminal", seconds=0.5).lines
    assert lines == ["29", "49", "108", "48", "22", "22"]


def test_a_text_lies_where_its_datum_says(write_sketch):
    screen = drawn(
        write_sketch,
        """
        tft.setTextDatum(MC_DATUM); tft.setTextColor(TFT_GREEN); tft.drawString("HHHH", 160, 120);
        tft.setTextDatum(BR_DATUM); tft.setTextColor(TFT_RED); tft.drawString("HH", 320, 240, 4);
        tft.setTextColor(TFT_WHITE, TFT_BLUE); tft.setTextPadding(60);
        tft.setTextDatum(TL_DATUM); tft.drawNumber(7, 0, 0);
        tft.setTextDatum(TC_DATUM); tft.setTextColor(TFT_YELLOW);
        tft.drawCentreString("HI", 160, 30, 2);
        """,
    )
    image = screen.image
    rows, columns = np.nonzero((image == (0, 255, 0)).all(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (116, 122, 148, 170)
    rows, columns = np.nonzero((image == (255, 0, 0)).all(axis=2))
    assert columns.min() >= 320 - 36
    assert rows.min() >= 240 - 26
    assert (image[4, 10:60] == (0, 0, 255)).all()  # padded
    assert not image[4, 61:70].any()


def test_sprites_are_pushed_scrolled_and_cost_memory(write_sketch):
    sketch = write_sketch(
        f"""{HEAD}TFT_eSprite one(&tft), two(&tft);
        void setup() {{
          Serial.begin(9600); tft.begin(); tft.setRotation(3);
          Serial.println(one.createSprite(100, 50) != nullptr);
          one.fillSprite(TFT_RED); one.fillRect(0, 0, 10, 10, TFT_WHITE); one.scroll(5, 5);
          one.setTextColor(TFT_BLUE); one.drawString("x", 50, 20); one.setCursor(0, 40);
          one.print(12); Serial.println(one.getCursorX());
          one.pushSprite(200, 100); one.pushSprite(10, 10, TFT_RED);
          Serial.println(one.readPixel(6, 6), HEX); Serial.println(tft.readPixel(206, 106), HEX);
          Serial.println(two.createSprite(320, 240) != nullptr);  // 153,600 of the 192 KB
          TFT_eSprite three(&tft); Serial.println(three.createSprite(320, 240) != nullptr);
          two.deleteSprite(); Serial.println(three.createSprite(320, 240) != nullptr);
          Serial.println(one.width());
        }}
        void loop() {{ delay(1000); }}"""
    )
    run = run_sketch(sketch, "wio_terminal", seconds=1)
    assert run.lines == ["1", "12", "FFFF", "FFFF", "1", "0", "1", "100"]
    image = run.board.screen.image
    assert (image[148, 290] == (255, 0, 0)).all()
    assert (image[16, 16] == 255).all()
    assert not image[30, 40].any()  # red is left out


def test_pictures_from_memory(write_sketch):
    screen = drawn(
        write_sketch,
        """
        static const uint16_t two[] PROGMEM = {0xF800, 0x07E0};
        static const uint8_t bits[] PROGMEM = {0x80, 0x01};
        tft.setSwapBytes(true); tft.pushImage(10, 10, 2, 1, two);
        tft.drawBitmap(20, 20, bits, 8, 2, TFT_WHITE);
        tft.drawXBitmap(40, 20, bits, 8, 2, TFT_WHITE);
        tft.drawRoundRect(100, 100, 60, 40, 8, TFT_WHITE);
        tft.fillRoundRect(200, 100, 60, 40, 8, TFT_RED);
        tft.setAddrWindow(0, 0, 2, 2); tft.pushColor(TFT_BLUE, 3);
        """,
    )
    image = screen.image
    assert image[10, 10:12].tolist() == [[255, 0, 0], [0, 255, 0]]
    assert image[20, 20].all() and image[21, 27].all()  # noqa: PT018
    assert image[20, 47].all() and image[21, 40].all()  # noqa: PT018
    assert image[100, 108:152].all()
    assert not image[100, 100].any()
    assert (image[120, 200:260] == (255, 0, 0)).all()
    assert not image[100, 200].any()
    assert image[0, 0, 2] == image[0, 1, 2] == image[1, 0, 2] == 255
    assert not image[1, 1].any()


def test_drawing_takes_the_time_of_its_pixels(write_sketch):
    sketch = write_sketch(
        f"""{HEAD}void setup() {{
          Serial.begin(9600); tft.begin(); tft.setRotation(3);
          unsigned long begin = micros(); tft.fillScreen(TFT_RED); Serial.println(micros() - begin);
        }}
        void loop() {{ delay(1000); }}"""
    )
    took_us = int(run_sketch(sketch, "wio_terminal", seconds=0.5).lines[0])
    assert 24_500 < took_us < 24_700  # 320 x 240 x 16 bits at 50 MHz
