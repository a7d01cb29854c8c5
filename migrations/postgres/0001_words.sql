-- The index of words, which come folded and with their weights (src/db/vector.ts).
CREATE INDEX "edition_words_words_idx" ON "edition_words" USING gin ("words");
