"""Signatures hold for what was signed and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gavah import seal


def test_sign_and_verify():
    private = seal.new_key()
    public, one = seal.public_key(private), b"1" * 32
    signature = seal.sign(private, one)
    assert seal.verify(public, one, signature)
    assert not seal.verify(public, b"2" * 32, signature)
    assert not seal.verify(seal.public_key(seal.new_key()), one, signature)


def test_signature_is_over_a_domain_tag_and_the_id():
    from nacl.signing import SigningKey

    private, one = b"k" * 32, b"1" * 32
    assert seal.sign(private, one) == SigningKey(private).sign(b"gavah signature 1\x00" + one).signature


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=70))
def test_nonsense_never_verifies_and_never_raises(public, one, signature):
    assert seal.verify(public, one, signature) is False
