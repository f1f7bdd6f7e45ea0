"""What keys mean that mean the same wherever they stand; a key with its own description in the schema is not listed."""

from __future__ import annotations

_TABLE = """
id: name by which formulas, letters and child packs refer to the item; small letters, digits, underscores
title: name shown to people, in Chinese
title_en: name in English
note: remark for readers of the pack
concerns: words by which the rules of law recognise the item (see below)
document: title of the document
number: number of the document
article: article or paragraph
issuer: office that issued it
date: day
era: years in which it held, in words
basis: document on which the item rests
source: document from which the value comes
sources: documents the pack was written from
from: first day, or where it starts from
to: last day
at_least: not less than this
at_most: not more than this
less_than: less than this
more_than: more than this
equals: exactly this
fall_by: decrease over the period before
rank_up: ranks gained
places: so many within the first so many
count: how many
top: within the first so many
when: condition under which it applies
unit: unit of the number, in Chinese, or percent
min: least value
max: greatest value
value: the number, text or quoted date
kind: kind of organisation, or of the document
kinds: kinds of organisation
posts: posts and their rights
post: post of organisation.yaml
may: rights of the holder
by: who, or by which columns
within: time allowed, such as `15 days` or `10 workdays`
once: by how much it may be put off
extend: whether and how a deadline may be put off
type: type of the column; `code(table)` names its code table
steps: bands of the indicator with their points, or the steps by which a person gets the answer
stages: stages of schooling
pool: what is shared out
points: points given or taken
period: kind of period
parent: what stands above
name: name
indicator: indicator of the pack
help: explanation shown beside the field
fields: columns
conditions: what a school has to have, one by one
courses: the subjects, one by one
days: days that differ from the national calendar, or days of public notice
code: the code as stored, or the stable name of a check
codes: the codes, in order
standard: code of the national standard
who: who is bound
visible: who may read
sensitive: columns with personal data
vetoes: faults that override the score
text: wording of the question
terms: usual terms of the year
dated_terms: actual first and last days of single terms
survey: survey that is sent
asks: survey sent with the move
summary: what the report is about
status: how far the entry was compared with the official text, or the status of the answer
states: states in order, the first is the beginning
share_at_most: at most this share of the group
set_phrases: phrases whose numerals are no quantities
document_words: words that make a numeral part of a reference
measure_words: further measure words
search: columns that are searched
score: points by formula, or the score a veto sets
scale: highest mark of the scale
choices: answers to choose from, best first
free: free text
says: what the norm demands, in our words
say: sentence the clerk reads
rule: id of the rule
reason: reason, printed with the finding
remedy: what to do about it
region: east, middle or west
rows: rows by ledger
questions: the questions
publish: public notice of the result
place: place of the pack
per: period in which the number is due
pay: performance pay
over: which kinds may stand below a kind
organisations: organisations of the small world
org: organisation by its code
open_case: case that is proposed
on_miss: what a missed goal proposes
notify: who is told
moves: steps, named after the state they lead to
method: how it is shared out
measures: counts and rates shown for the case
limits: numbers the norm sets
groups: who is compared with whom
group: values of the breakdown
grades: grades and their conditions
grade: grade that is set
goals: the promises
formula: formula of the figure
floor: least share of a taker
ceiling: greatest share of a taker
effective: when the pack governs
effect: what the veto does
due: who owes a row each period
counts: what is counted
copy_to: offices that get a copy
consequences: what is proposed to follow
concession: points taken off for some
checks: rules that a row must keep
breaks: periods from which it was counted otherwise
bound: how the answer is bounded
anonymous: whether raters stay unnamed
appeal: whether the result can be contested
country: whose holidays hold, or none
form: form of the official document
missing: what a figure is when a due row is absent
needs: what putting off takes
required: a value must be there
school_year_starts: first day of the school year, month and day
scope: whether rights reach the subtree or the own organisation
seal: whether a place for the seal is printed
severity: whether the row is refused or kept as doubtful
tier: level of the organisation
better: which direction is good
answers: answers worked by hand
"""
MEANINGS: dict[str, str] = dict(line.split(": ", 1) for line in _TABLE.strip().splitlines())


def meaning(key: str, description: str = "") -> str:
    """The schema's own description, or the common meaning of the key."""
    return description or MEANINGS.get(key, "")
