"""The style guide: every part of the interface on one page, with an invented county. `make guide` serves it, tests take its picture."""
