-- Parts of triggers: the images of a changed statement.

-- How a statement's trigger names its images.
CREATE OR REPLACE FUNCTION app.transition(operation text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE operation WHEN 'INSERT' THEN 'NEW TABLE AS after'
                        WHEN 'DELETE' THEN 'OLD TABLE AS before'
                        ELSE 'OLD TABLE AS before NEW TABLE AS after' END
$$;

-- All images of the rows of a statement, before and after.
CREATE OR REPLACE FUNCTION app.images(operation text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE operation WHEN 'INSERT' THEN 'TABLE after'
                        WHEN 'DELETE' THEN 'TABLE before'
                        ELSE 'TABLE before UNION ALL TABLE after' END
$$;
