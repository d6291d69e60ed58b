SET 'execution.runtime-mode' = 'batch';
SET 'execution.runtime-mode' = 'turbo';
SET pipeline.name = my_job;
SET 'paralelism.default' = '2';
SET;
RESET 'pipeline.name';
SET;
RESET;
SET;
