"""The verbs of staff, by what they are about: employment, standing (degrees, titles, teams), secondment, teaching."""
