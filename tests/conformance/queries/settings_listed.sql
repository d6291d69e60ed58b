-- compare: text
SET;
SET 'pipeline.name' = 'abc';
SET;
RESET 'pipeline.name';
RESET 'no.such.key';
SET 'execution.runtime-mode';
SET a = b;
SET 'a.b' =;
SET 'x' = 'it''s';
SET;
