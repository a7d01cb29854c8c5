CREATE TABLE `addresses` (
	`slug` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	`since` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `article_versions` (
	`article_id` text NOT NULL,
	`version` integer NOT NULL,
	`action` text NOT NULL,
	`content` text,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	PRIMARY KEY(`article_id`, `version`),
	FOREIGN KEY (`article_id`) REFERENCES `articles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `articles` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`external_id` text,
	`imported_from` text,
	`version` integer NOT NULL,
	`content_version` integer NOT NULL,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL,
	`trashed_at` text,
	`edition` integer NOT NULL,
	`published_content_version` integer,
	`first_published_at` text,
	`live_from` text,
	`live_until` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `articles_external_id_key` ON `articles` (`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `articles_imported_from_key` ON `articles` (`imported_from`);--> statement-breakpoint
CREATE INDEX `articles_updated_at_id_idx` ON `articles` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `articles_created_by_id_updated_at_idx` ON `articles` (`created_by_id`,`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `edition_bodies` (
	`article_id` text NOT NULL,
	`edition` integer NOT NULL,
	`html` text NOT NULL,
	`blocks` text NOT NULL,
	`markdown` text NOT NULL,
	`text` text NOT NULL,
	PRIMARY KEY(`article_id`, `edition`)
);
--> statement-breakpoint
CREATE TABLE `edition_terms` (
	`article_id` text NOT NULL,
	`edition` integer NOT NULL,
	`kind` text NOT NULL,
	`slug` text NOT NULL,
	`published_at` text NOT NULL,
	`superseded` integer NOT NULL,
	PRIMARY KEY(`article_id`, `edition`, `kind`, `slug`)
);
--> statement-breakpoint
CREATE INDEX `edition_terms_kind_slug_superseded_published_at_idx` ON `edition_terms` (`kind`,`slug`,`superseded`,`published_at`,`article_id`);--> statement-breakpoint
CREATE TABLE `editions` (
	`article_id` text NOT NULL,
	`edition` integer NOT NULL,
	`slug` text NOT NULL,
	`section` text NOT NULL,
	`published_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`live_from` text NOT NULL,
	`live_until` text NOT NULL,
	`superseded` integer NOT NULL,
	`card` text NOT NULL,
	PRIMARY KEY(`article_id`, `edition`)
);
--> statement-breakpoint
CREATE INDEX `editions_article_id_live_until_idx` ON `editions` (`article_id`,`live_until`);--> statement-breakpoint
CREATE INDEX `editions_superseded_published_at_idx` ON `editions` (`superseded`,`published_at`,`article_id`);--> statement-breakpoint
CREATE INDEX `editions_superseded_section_published_at_idx` ON `editions` (`superseded`,`section`,`published_at`,`article_id`);--> statement-breakpoint
CREATE TABLE `headline_links` (
	`id` text PRIMARY KEY NOT NULL,
	`list_id` text NOT NULL,
	`target_article_id` text
);
--> statement-breakpoint
CREATE INDEX `headline_links_list_id_idx` ON `headline_links` (`list_id`);--> statement-breakpoint
CREATE INDEX `headline_links_target_article_id_idx` ON `headline_links` (`target_article_id`);--> statement-breakpoint
CREATE TABLE `headline_list_versions` (
	`list_id` text NOT NULL,
	`version` integer NOT NULL,
	`action` text NOT NULL,
	`content` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	PRIMARY KEY(`list_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `headline_lists` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`key` text,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `headline_lists_key_key` ON `headline_lists` (`key`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash_key` ON `keys` (`hash`);--> statement-breakpoint
CREATE TABLE `list_editions` (
	`list_id` text NOT NULL,
	`version` integer NOT NULL,
	`key` text,
	`live_from` text NOT NULL,
	`live_until` text NOT NULL,
	`updated_at` text NOT NULL,
	`card` text NOT NULL,
	`items` text NOT NULL,
	`targets` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`list_id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `list_editions_list_id_live_until_idx` ON `list_editions` (`list_id`,`live_until`);--> statement-breakpoint
CREATE INDEX `list_editions_key_live_until_idx` ON `list_editions` (`key`,`live_until`);--> statement-breakpoint
CREATE TABLE `slugs` (
	`slug` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	FOREIGN KEY (`article_id`) REFERENCES `articles`(`id`) ON UPDATE no action ON DELETE no action
);
