-- The 60 indicators in one hand-written query: twelve ledgers joined once, every organisation above a school once.
-- The lines between "ledger k" and "end" are repeated for every ledger; {bounded} and {exact}: by what kind the ledger's areas are.

-- part: leaf (columns of one school and year)
l{k}.pupils__lo AS pupils_{k}, l{k}.teachers__lo AS teachers_{k}, l{k}.score__lo AS score_{k}, l{k}.stage = chr(21021) || chr(20013) AS junior_{k},
l{k}.doubt <> '' AS doubt_{k},
CAST(l{k}.pupils__lo AS DOUBLE) / CAST(l{k}.teachers__lo AS DOUBLE) AS x_{k},
-- part: leaf bounded
greatest(coalesce(l{k}.area__lo, 0), 0) AS area_{k}, l{k}.area__hi AS area_hi_{k}, l{k}.area__reason AS reason_{k},
-- part: leaf exact
l{k}.area__lo AS area_{k},

-- part: sums
sum(pupils_{k}) AS pupils_{k}, sum(teachers_{k}) AS teachers_{k}, sum(score_{k}) AS score_{k},
count(*) FILTER (WHERE score_{k} >= 60) AS passed_{k},
sum(area_{k}) FILTER (WHERE junior_{k}) AS area_{k}, sum(pupils_{k}) FILTER (WHERE junior_{k}) AS junior_pupils_{k},
count(*) FILTER (WHERE junior_{k}) AS junior_{k},
count(*) FILTER (WHERE doubt_{k}) AS doubt_{k}, count(*) FILTER (WHERE doubt_{k} AND junior_{k}) AS junior_doubt_{k},
sum(CAST(pupils_{k} AS DOUBLE)) FILTER (WHERE depth > 0) AS w_{k},
sum(pupils_{k} * x_{k}) FILTER (WHERE depth > 0) AS wx_{k},
sum(pupils_{k} * x_{k} * x_{k}) FILTER (WHERE depth > 0) AS wxx_{k},
-- part: sums bounded
sum(area_hi_{k}) FILTER (WHERE junior_{k}) AS area_hi_{k},
count(*) FILTER (WHERE junior_{k} AND area_hi_{k} IS NULL) AS area_open_{k},
count(*) FILTER (WHERE junior_{k} AND reason_{k} = 'unknown') AS area_unknown_{k},

-- part: figures
CAST(pupils_{k} AS DOUBLE) / CAST(teachers_{k} AS DOUBLE) AS ratio_{k}__value, ratio_{k}__value AS ratio_{k}__lo, ratio_{k}__value AS ratio_{k}__hi,
CAST(pupils_{k} AS DOUBLE) AS ratio_{k}__numerator, CAST(teachers_{k} AS DOUBLE) AS ratio_{k}__denominator, n AS ratio_{k}__rows,
CASE WHEN teachers_{k} = 0 THEN 'unknown' WHEN doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS ratio_{k}__status,
CAST(score_{k} AS DOUBLE) / n AS score_{k}__value, score_{k}__value AS score_{k}__lo, score_{k}__value AS score_{k}__hi,
CAST(NULL AS DOUBLE) AS score_{k}__numerator, CAST(NULL AS DOUBLE) AS score_{k}__denominator, n AS score_{k}__rows,
CASE WHEN doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS score_{k}__status,
CAST(passed_{k} AS DOUBLE) / n AS share_{k}__value, share_{k}__value AS share_{k}__lo, share_{k}__value AS share_{k}__hi,
CAST(passed_{k} AS DOUBLE) AS share_{k}__numerator, CAST(n AS DOUBLE) AS share_{k}__denominator, n AS share_{k}__rows,
CASE WHEN doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS share_{k}__status,
sqrt(greatest(wxx_{k} / w_{k} - (wx_{k} / w_{k}) * (wx_{k} / w_{k}), 0)) / (wx_{k} / w_{k}) AS spread_{k}__value,
spread_{k}__value AS spread_{k}__lo, spread_{k}__value AS spread_{k}__hi,
CAST(NULL AS DOUBLE) AS spread_{k}__numerator, CAST(NULL AS DOUBLE) AS spread_{k}__denominator, n AS spread_{k}__rows,
CASE WHEN doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS spread_{k}__status,
CAST(coalesce(junior_pupils_{k}, 0) AS DOUBLE) AS area_{k}__denominator, junior_{k} AS area_{k}__rows,
-- part: figures exact
CAST(coalesce(area_{k}, 0) AS DOUBLE) / CAST(nullif(junior_pupils_{k}, 0) AS DOUBLE) AS area_{k}__value,
area_{k}__value AS area_{k}__lo, area_{k}__value AS area_{k}__hi, CAST(coalesce(area_{k}, 0) AS DOUBLE) AS area_{k}__numerator,
CASE WHEN coalesce(junior_pupils_{k}, 0) = 0 THEN 'unknown' WHEN junior_doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS area_{k}__status,
-- part: figures bounded
CAST(coalesce(area_{k}, 0) AS DOUBLE) / CAST(nullif(junior_pupils_{k}, 0) AS DOUBLE) AS area_{k}__lo,
CASE WHEN area_open_{k} = 0 THEN CAST(coalesce(area_hi_{k}, 0) AS DOUBLE) / CAST(nullif(junior_pupils_{k}, 0) AS DOUBLE) END AS area_{k}__hi,
CASE WHEN area_unknown_{k} = 0 AND area_{k}__lo = area_{k}__hi THEN area_{k}__lo END AS area_{k}__value,
CASE WHEN area_unknown_{k} = 0 AND area_open_{k} = 0 AND coalesce(area_{k} = area_hi_{k}, true) THEN CAST(coalesce(area_{k}, 0) AS DOUBLE) END AS area_{k}__numerator,
CASE WHEN coalesce(junior_pupils_{k}, 0) = 0 OR area_unknown_{k} > 0 THEN 'unknown' WHEN junior_doubt_{k} > 0 THEN 'doubtful' ELSE 'known' END AS area_{k}__status,

-- part: query
WITH leaf AS (
  SELECT l1.org, l1.period, {leaf}
  FROM {joins}
), sums AS (
  SELECT closure.ancestor AS org, leaf.period, count(*) AS n, {sums}
  FROM leaf JOIN closure ON closure.descendant = leaf.org
  WHERE closure.valid_from <= DATE '2007-12-31' AND (closure.valid_to IS NULL OR closure.valid_to > DATE '2009-12-31')
  GROUP BY closure.ancestor, leaf.period
)
SELECT org, period, {figures} FROM sums
