"""How evenly schools of a county are equipped: pure computations on values and sizes of schools. Names come from submodules."""
