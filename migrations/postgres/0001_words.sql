-- The index of words, which come folded and with their weights (src/db/vector.ts).
CREATE INDEX "edition_words_words_idx" ON "edition_words" USING gin ("words");
--> statement-breakpoint
-- The only row, so that whoever publishes can hold it.
INSERT INTO "taxonomy" ("id", "version") VALUES (1, 0);
