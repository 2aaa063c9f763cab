"""Ed25519 against the vectors of RFC 8032, section 7.1, and what must not pass."""

import pytest

from tinyml_course.errors import DataError
from tinyml_course.export.sealed.ed25519 import ORDER, is_signed, public_key, sign

# Secret key, public key, message, signature: tests 1, 2, 3.
PUBLISHED = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize("vector", PUBLISHED, ids=["1", "2", "3"])
def test_the_vectors_of_the_rfc(vector):
    secret, public, message, signature = map(bytes.fromhex, vector)
    assert public_key(secret) == public
    assert sign(secret, message) == signature
    assert is_signed(public, message, signature)


def test_whatever_changes_is_refused():
    secret = bytes(range(32))
    public, message = public_key(secret), b"model 2"
    signature = sign(secret, message)
    for place in range(0, 64, 5):
        flipped = bytearray(signature)
        flipped[place] ^= 1
        assert not is_signed(public, message, bytes(flipped))
    assert not is_signed(public, b"model 3", signature)
    assert not is_signed(public_key(bytes(32)), message, signature)
    assert not is_signed(public[:31], message, signature)
    assert not is_signed(public, message, signature[:63])
    # the same point reached by a greater number: RFC 8032 asks for the smallest
    greater = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(public, message, signature[:32] + greater.to_bytes(32, "little"))
    assert not is_signed(b"\xff" * 32, message, signature)


def test_a_key_of_another_length_is_said():
    with pytest.raises(DataError, match="32 bytes, this one has 3"):
        sign(b"abc", b"")
