-- The index of words. Contentless, as nobody reads a text from it; what is deleted leaves no trace of its words.
-- "ascii" takes every other letter as it is: words come folded (src/shared/words.ts).
CREATE VIRTUAL TABLE `edition_words_index` USING fts5(`headline`, `standfirst`, `body`, content='', tokenize='ascii', prefix='1 2 3');
--> statement-breakpoint
INSERT INTO `edition_words_index` (`edition_words_index`, rank) VALUES ('secure-delete', 1);
--> statement-breakpoint
CREATE TRIGGER `edition_words_added` AFTER INSERT ON `edition_words` BEGIN
	INSERT INTO `edition_words_index` (rowid, `headline`, `standfirst`, `body`)
	VALUES (new.`place`, new.`words` ->> '$.headline', new.`words` ->> '$.standfirst', new.`words` ->> '$.body');
END;
--> statement-breakpoint
CREATE TRIGGER `edition_words_removed` AFTER DELETE ON `edition_words` BEGIN
	INSERT INTO `edition_words_index` (`edition_words_index`, rowid, `headline`, `standfirst`, `body`)
	VALUES ('delete', old.`place`, old.`words` ->> '$.headline', old.`words` ->> '$.standfirst', old.`words` ->> '$.body');
END;
--> statement-breakpoint
-- The only row, so that whoever publishes can hold it.
INSERT INTO `taxonomy` (`id`, `version`) VALUES (1, 0);
