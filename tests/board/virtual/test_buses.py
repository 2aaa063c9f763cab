"""I2C and SPI with devices of one's own, a scan, servos, and values that are kept."""

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.buses import RegisterDevice
from tinyml_course.errors import BoardError

SCAN = """#include <Wire.h>
void scan(TwoWire &bus) {
  for (byte address = 1; address < 127; address++) {
    bus.beginTransmission(address);
    if (bus.endTransmission() == 0) { Serial.print(address, HEX); Serial.print(' '); }
  }
  Serial.println('.');
}
void setup() { Serial.begin(9600); Wire.begin(); Wire1.begin(); scan(Wire); scan(Wire1); }
void loop() { delay(100); }"""


def test_a_scan_finds_what_the_board_carries(write_sketch):
    sketch = write_sketch(SCAN)
    assert run_sketch(sketch, "nano33ble", seconds=0.5).lines == [".", "1E 39 5C 5F 6B ."]
    assert run_sketch(sketch, "wio_terminal", seconds=0.5).lines == [".", "18 ."]


def test_registers_of_a_device_of_ones_own(write_sketch):
    sketch = write_sketch(
        """#include <Wire.h>
        void setup() {
          Serial.begin(9600); Wire.begin(); Wire.setClock(400000);
          Wire.beginTransmission(0x68); Wire.write(0x6B); Wire.write(7);
          Serial.println(Wire.endTransmission(true));
          Wire.beginTransmission(0x68); Wire.write(0x3B); Wire.endTransmission(false);
          Serial.println(Wire.requestFrom(0x68, 6, true));
          int16_t x = Wire.read() << 8 | Wire.read();
          Serial.println(x); Serial.println(Wire.available());
          while (Wire.available()) Wire.read();
          Serial.println(Wire.read()); Serial.println(Wire.requestFrom(0x20, 2));
        }
        void loop() { delay(100); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    sensor = RegisterDevice({0x3B: 0xFF, 0x3C: 0x38})
    machine.i2c.attach(0x68, sensor)
    machine.run(0.2)
    assert machine.uart.sent.split() == [b"0", b"6", b"-200", b"4", b"-1", b"0"]
    assert sensor.registers[0x6B] == 7
    with pytest.raises(BoardError, match="answers at 0x68"):
        machine.i2c.attach(0x68, sensor)
    with pytest.raises(BoardError, match="no device answers at 0x80"):
        machine.i2c.attach(0x80, sensor)


def test_a_chip_says_who_it_is_and_that_the_rest_is_its_librarys(write_sketch):
    code = """#include <Wire.h>
    void setup() {
      Serial.begin(9600); Wire1.begin(); Wire1.beginTransmission(0x6B); Wire1.write(REGISTER);
      Wire1.endTransmission(false); Wire1.requestFrom(0x6B, 1); Serial.println(Wire1.read(), HEX);
    }
    void loop() { delay(100); }"""
    whoami = write_sketch(code.replace("REGISTER", "0x0F"))
    assert run_sketch(whoami, "nano33ble", seconds=0.1).lines == ["68"]
    data = write_sketch(code.replace("REGISTER", "0x28"), name="data")
    with pytest.raises(BoardError, match="register 0x28 of the LSM9DS1 is on the real board"):
        run_sketch(data, "nano33ble", seconds=0.1)


class Echo:
    """Answers each byte with the one before it."""

    last = 0x5A

    def transfer(self, byte):
        answer, self.last = self.last, byte
        return answer


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "esp32c3"])
def test_bytes_over_spi(write_sketch, board):
    sketch = write_sketch(
        """#include <SPI.h>
        void setup() {
          Serial.begin(9600); pinMode(SS, OUTPUT); SPI.begin();
          SPI.beginTransaction(SPISettings(1000000, MSBFIRST, SPI_MODE0));
          digitalWrite(SS, LOW);
          Serial.println(SPI.transfer(0x9F), HEX); Serial.println(SPI.transfer16(0x1234), HEX);
          byte data[] = {1, 2, 3}; SPI.transfer(data, 3);
          for (byte b : data) Serial.print(b, HEX);
          digitalWrite(SS, HIGH); SPI.endTransaction();
        }
        void loop() { delay(100); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, board))
    machine.spi.attach(Echo())
    machine.run(0.1)
    assert machine.uart.sent.decode().split() == ["5A", "9F12", "3412"]


def test_a_servo_turns(write_sketch):
    sketch = write_sketch(
        """#include <Servo.h>
        Servo servo;
        void setup() { Serial.begin(9600); servo.attach(9); servo.write(0); delay(100);
          servo.write(180); Serial.println(servo.read()); servo.writeMicroseconds(1500);
          Serial.println(servo.read()); servo.detach(); Serial.println(servo.attached()); }
        void loop() { delay(100); }"""
    )
    run = run_sketch(sketch, "nano33ble", seconds=0.5)
    assert run.lines == ["180", "92", "0"]
    assert [turn[1:] for turn in run.board.gpio.servos] == [
        (9, 1500), (9, 544), (9, 2400), (9, 1500), (9, 0),
    ]  # fmt: skip
    assert run.board.gpio.servos[2][0] >= 100_000


@pytest.mark.parametrize(
    ("board", "code", "lines"),
    [
        (
            "wio_terminal",
            "#include <FlashStorage.h>\nstruct Kept { bool valid; int count; };\n"
            "FlashStorage(kept, Kept);\nvoid setup() { Kept k = kept.read();"
            " Serial.println(k.valid); k.valid = true; k.count = 7; kept.write(k);"
            " Serial.println(kept.read().count); }",
            ["0", "7"],
        ),
        (
            "xiao_samd21",
            "#include <FlashAsEEPROM.h>\nvoid setup() { Serial.println(EEPROM.read(3));"
            " EEPROM.write(3, 42); float f = 1.5f, g = 0; EEPROM.put(8, f); EEPROM.commit();"
            " EEPROM.get(8, g); Serial.println(EEPROM.read(3)); Serial.println(g); }",
            ["255", "42", "1.50"],
        ),
        (
            "esp32c3",
            "#include <EEPROM.h>\n#include <Preferences.h>\nPreferences p;\n"
            "void setup() { EEPROM.begin(64); EEPROM.write(1, 9); EEPROM.commit();"
            ' Serial.println(EEPROM.read(1)); p.begin("app", false);'
            ' p.putInt("n", 3); p.putString("s", "text"); p.putFloat("f", 0.25);'
            ' Serial.println(p.getInt("n") + p.getInt("none", 4));'
            ' Serial.println(p.getString("s")); Serial.println(p.getFloat("f")); }',
            ["9", "7", "text", "0.25"],
        ),
    ],
)
def test_values_that_are_kept(write_sketch, board, code, lines):
    sketch = write_sketch(f"{code}\nvoid loop() {{ delay(100); }}")
    assert run_sketch(sketch, board, seconds=0.2).lines == lines


COUNTS = {
    "FlashStorage": (
        "wio_terminal",
        "#include <FlashStorage.h>\nFlashStorage(other, double);\nFlashStorage(kept, int);\n"
        "int bump() { int n = kept.read() + 1; kept.write(n); return n; }",
    ),
    "FlashAsEEPROM": (
        "xiao_samd21",
        "#include <FlashAsEEPROM.h>\nint bump() { int n = 0;"
        " if (EEPROM.isValid()) EEPROM.get(8, n); EEPROM.put(8, ++n); EEPROM.commit(); return n; }",
    ),
    "EEPROM": (
        "esp32c3",
        "#include <EEPROM.h>\nint bump() { uint8_t n; EEPROM.begin(64); n = EEPROM.read(7);"
        " n = n == 255 ? 1 : n + 1; EEPROM.write(7, n); EEPROM.commit(); return n; }",
    ),
    "Preferences": (
        "esp32c3",
        '#include <Preferences.h>\nint bump() { Preferences other, kept; other.begin("b");'
        ' other.putInt("n", 70); kept.begin("a"); int n = kept.getInt("n") + 1;'
        ' kept.putInt("n", n); kept.putString("text", String(n) + "!"); kept.end();'
        ' kept.begin("a", true); return kept.getString("text").toInt() == n &&'
        ' other.getInt("n") == 70 && kept.putInt("n", 9) == 0 ? n : -1; }',
    ),
    "FlashIAP": (
        "nano33ble",
        "#include <FlashIAP.h>\nmbed::FlashIAP flash;\nint bump() { int n = 0; flash.init();"
        " flash.read(&n, 0xDF000, 4); n = n == -1 ? 1 : n + 1; flash.erase(0xDF000, 4096);"
        " return flash.program(&n, 0xDF000, 4) ? -1 : n; }",
    ),
}


@pytest.mark.parametrize("library", COUNTS)
def test_what_is_stored_outlives_the_power_and_not_an_upload(write_sketch, library):
    board, code = COUNTS[library]
    sketch = write_sketch(
        f"{code}\nvoid setup() {{ Serial.begin(9600); Serial.println(bump()); }}\n"
        "void loop() { delay(100); }"
    )
    stored, said = b"", []
    for _ in range(3):
        run = run_sketch(sketch, board, seconds=0.3, stored=stored)
        stored = run.board.storage.content
        said += run.lines
    assert said == ["1", "2", "3"]
    assert run_sketch(sketch, board, seconds=0.3).lines == ["1"]


def test_flash_that_is_not_erased_only_loses_bits_and_other_pages_are_refused(write_sketch):
    sketch = write_sketch(
        """#include <FlashIAP.h>
        mbed::FlashIAP flash;
        void setup() {
          Serial.begin(9600); uint32_t a = 0xF0F0F0F0, b = 0x3C3C3C3C, got = 0;
          flash.program(&a, 0xDF000, 4); flash.program(&b, 0xDF000, 4);
          flash.read(&got, 0xDF000, 4);
          Serial.println(got, HEX); Serial.println(flash.erase(0x10000, 4096));
          Serial.println(flash.program(&a, 0xE0000, 4));
          Serial.println(flash.erase(0xDF004, 4096));
        }
        void loop() { delay(100); }"""
    )
    assert run_sketch(sketch, "nano33ble", seconds=0.1).lines == ["30303030", "-1", "-1", "-1"]


def test_more_storage_than_there_is_says_so(write_sketch):
    sketch = write_sketch(
        "#include <FlashStorage.h>\nstruct Much { char c[65534]; };\nFlashStorage(a, Much);\n"
        "FlashStorage(b, int);\nvoid setup() { b.write(1); }\nvoid loop() {}"
    )
    with pytest.raises(BoardError, match=r"keeps .* bytes from place .*: keep less"):
        run_sketch(sketch, "wio_terminal", seconds=0.1)


def test_a_watchdog_that_is_not_kicked_ends_the_run(write_sketch):
    code = """#include <drivers/Watchdog.h>
    void setup() { Serial.begin(9600); mbed::Watchdog::get_instance().start(500); }
    void loop() {
      if (millis() < 2000) mbed::Watchdog::get_instance().kick();
      WAIT;
    }"""
    fine = write_sketch(code.replace("WAIT", "delay(100)").replace("millis() < 2000", "true"))
    run_sketch(fine, "nano33ble", seconds=5)
    late = write_sketch(code.replace("WAIT", "delay(100)"), name="late")
    with pytest.raises(BoardError, match="the watchdog would have reset the board"):
        run_sketch(late, "nano33ble", seconds=5)
    dog = """#include <Adafruit_SleepyDog.h>
    void setup() { Serial.println(Watchdog.enable(5000)); }
    void loop() { Watchdog.reset(); delay(5000); }"""
    with pytest.raises(BoardError, match="nothing was heard of the sketch for 5"):
        run_sketch(write_sketch(dog, name="dog"), "wio_terminal", seconds=20)
