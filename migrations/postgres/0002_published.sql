-- Nothing is needed: the snapshot says whether something was written (src/db/postgres.ts).
SELECT 1;
