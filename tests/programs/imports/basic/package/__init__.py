print("init", __name__)
from . import sub
from .sub.deep import name as deep_name

thing = "thing via " + deep_name()
exported = "exported"
hidden_name = "hidden"
__all__ = ["exported"]
