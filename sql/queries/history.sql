-- name: changes
SELECT at, who, operation, before, after, name
  FROM app.history(%(district)s, %(relation)s, %(id)s)
