-- name: changes
SELECT * FROM app.trail(%s, %s, %s, %s, %s, %s, %s)

-- name: tables
SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind = 'r' ORDER BY relname
