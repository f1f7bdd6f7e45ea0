"""How children pass through school: enrolment ratios, flow rates, survival of a reconstructed cohort, retention of a true one.

Formulas are those of UNESCO Institute for Statistics, Education Indicators: Technical Guidelines (2009). Pure functions over quantities: an
unknown number makes what rests on it unknown, never zero. Rates are fractions of one. Results are frozen and say which numbers, from
where, they were made of.
"""
