-- How often anything was written that readers may get (PublishedTables in src/db/tables.ts): what is kept for them holds as long as it stays
-- the same. By triggers, so that nobody can forget it. PostgreSQL has its snapshot for that.
CREATE TABLE `published` (`id` integer PRIMARY KEY NOT NULL, `changes` integer NOT NULL);
--> statement-breakpoint
INSERT INTO `published` (`id`, `changes`) VALUES (1, 0);
--> statement-breakpoint
CREATE TRIGGER `editions_published_insert` AFTER INSERT ON `editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `editions_published_update` AFTER UPDATE ON `editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `editions_published_delete` AFTER DELETE ON `editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_bodies_published_insert` AFTER INSERT ON `edition_bodies` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_bodies_published_update` AFTER UPDATE ON `edition_bodies` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_bodies_published_delete` AFTER DELETE ON `edition_bodies` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_terms_published_insert` AFTER INSERT ON `edition_terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_terms_published_update` AFTER UPDATE ON `edition_terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_terms_published_delete` AFTER DELETE ON `edition_terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_words_published_insert` AFTER INSERT ON `edition_words` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_words_published_update` AFTER UPDATE ON `edition_words` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `edition_words_published_delete` AFTER DELETE ON `edition_words` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `vocabulary_published_insert` AFTER INSERT ON `vocabulary` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `vocabulary_published_update` AFTER UPDATE ON `vocabulary` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `vocabulary_published_delete` AFTER DELETE ON `vocabulary` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `instants_published_insert` AFTER INSERT ON `instants` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `instants_published_update` AFTER UPDATE ON `instants` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `instants_published_delete` AFTER DELETE ON `instants` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `terms_published_insert` AFTER INSERT ON `terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `terms_published_update` AFTER UPDATE ON `terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `terms_published_delete` AFTER DELETE ON `terms` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `term_slugs_published_insert` AFTER INSERT ON `term_slugs` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `term_slugs_published_update` AFTER UPDATE ON `term_slugs` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `term_slugs_published_delete` AFTER DELETE ON `term_slugs` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `taxonomy_published_insert` AFTER INSERT ON `taxonomy` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `taxonomy_published_update` AFTER UPDATE ON `taxonomy` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `taxonomy_published_delete` AFTER DELETE ON `taxonomy` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `addresses_published_insert` AFTER INSERT ON `addresses` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `addresses_published_update` AFTER UPDATE ON `addresses` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `addresses_published_delete` AFTER DELETE ON `addresses` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `former_paths_published_insert` AFTER INSERT ON `former_paths` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `former_paths_published_update` AFTER UPDATE ON `former_paths` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `former_paths_published_delete` AFTER DELETE ON `former_paths` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `list_editions_published_insert` AFTER INSERT ON `list_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `list_editions_published_update` AFTER UPDATE ON `list_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `list_editions_published_delete` AFTER DELETE ON `list_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `front_editions_published_insert` AFTER INSERT ON `front_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `front_editions_published_update` AFTER UPDATE ON `front_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `front_editions_published_delete` AFTER DELETE ON `front_editions` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `tombstones_published_insert` AFTER INSERT ON `tombstones` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `tombstones_published_update` AFTER UPDATE ON `tombstones` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
--> statement-breakpoint
CREATE TRIGGER `tombstones_published_delete` AFTER DELETE ON `tombstones` BEGIN UPDATE `published` SET `changes` = `changes` + 1 WHERE `id` = 1; END;
