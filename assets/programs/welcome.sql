-- Quantas vezes cada nome aparece? Ctrl+Enter roda o comando.
-- How often does each name appear? Ctrl+Enter runs the statement.
SELECT name, COUNT(*) AS cnt
FROM (VALUES ('Bob'), ('Alice'), ('Greg'), ('Bob')) AS NameTable(name)
GROUP BY name;
