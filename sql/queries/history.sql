-- name: changes
SELECT %(id)s AS id, at, who, operation, before, after, name
  FROM app.history(%(district)s, %(relation)s, %(id)s)

-- name: at
-- The last changes of the assignments of one area, building or station, the last first.
SELECT id, at, who, operation, before, after, name
  FROM app.history_at(%(district)s, %(kind)s, %(target)s, %(limit)s)
