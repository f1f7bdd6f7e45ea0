"""How children pass through school: promotion, repetition, dropout, enrolment, survival, true cohorts; published tables checked."""
