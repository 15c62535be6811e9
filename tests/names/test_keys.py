import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gavah.names import name_keys, skeleton


@pytest.mark.parametrize(
    "spellings",
    [
        ("حسین", "Hossein", "Hussein", "Husayn", "Hosein"),
        ("محمد", "Mohammad", "Muhammed", "Mohamed"),
        ("قاسمی", "Ghasemi", "Qasemi"),
        ("خسرو", "Khosrow", "Khosro"),
        ("شیرین", "Shirin", "Şîrîn"),
        ("چنگیز", "Changiz", "Çengîz"),
        ("ژاله", "Zhaleh", "Zhale"),
        ("رضا", "Reza", "Riza"),
        ("داوود", "داود", "Davoud", "Dawood"),
        ("فاطمه", "فاطمة", "Fatemeh", "Fatima", "Fateme"),
        ("عباس", "Abbas"),
        ("سعید", "Sa'id", "Saeed", "Saied"),
        ("طاهره", "Tahereh", "Tahere"),
        ("وحید", "Vahid", "Wahid"),
    ],
)
def test_one_key_for_all_spellings(spellings):
    assert len({skeleton(name) for name in spellings}) == 1


def test_keys_tell_common_names_apart():
    assert len({skeleton(name) for name in ("رضا", "زهرا", "حسن", "مریم", "محمد", "احمد", "علی", "شیرین")}) == 8


def test_name_keys_agree_across_scripts_and_orders():
    latin, persian = set(name_keys("Hossein Ghasemi")), set(name_keys("حسین قاسمی"))
    assert latin == persian
    assert set(name_keys("قاسمی حسین")) & persian


def test_no_keys_without_a_name():
    assert name_keys("ناشناس") == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_keys_of_any_text(text):
    assert all(isinstance(key, str) and key for key in name_keys(text))
    assert isinstance(skeleton(text), str)
