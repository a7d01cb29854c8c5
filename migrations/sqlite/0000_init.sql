CREATE TABLE `addresses` (
	`slug` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	`since` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `addresses_article_id_idx` ON `addresses` (`article_id`);--> statement-breakpoint
CREATE TABLE `article_locks` (
	`article_id` text PRIMARY KEY NOT NULL,
	`holder_id` text NOT NULL,
	`holder_name` text NOT NULL,
	`since` text NOT NULL,
	`until` text NOT NULL,
	`broken` text
);
--> statement-breakpoint
CREATE TABLE `article_versions` (
	`article_id` text NOT NULL,
	`version` integer NOT NULL,
	`action` text NOT NULL,
	`note` text,
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
	`killed_at` text,
	`kill_reason` text,
	`edition` integer NOT NULL,
	`first_published_at` text,
	`published_content_version` integer,
	`live_from` text,
	`live_until` text,
	`withdrawn` integer NOT NULL,
	`scheduled_content_version` integer,
	`scheduled_from` text,
	`scheduled_until` text,
	`scheduled_embargo` integer NOT NULL,
	`release_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `articles_external_id_key` ON `articles` (`external_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `articles_imported_from_key` ON `articles` (`imported_from`);--> statement-breakpoint
CREATE INDEX `articles_updated_at_id_idx` ON `articles` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `articles_created_by_id_updated_at_idx` ON `articles` (`created_by_id`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `articles_scheduled_from_idx` ON `articles` (`scheduled_from`);--> statement-breakpoint
CREATE INDEX `articles_live_until_idx` ON `articles` (`live_until`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_id` text,
	`actor_name` text,
	`request_id` text NOT NULL,
	`outcome` text NOT NULL,
	`action` text NOT NULL,
	`times` integer NOT NULL,
	`subject_kind` text,
	`subject_id` text,
	`version` integer,
	`changed` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at_id_idx` ON `audit` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_subject_id_at_idx` ON `audit` (`subject_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_actor_id_at_idx` ON `audit` (`actor_id`,`at`,`id`);--> statement-breakpoint
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
	`updated_at` text NOT NULL,
	`superseded` integer NOT NULL,
	PRIMARY KEY(`article_id`, `edition`, `kind`, `slug`)
);
--> statement-breakpoint
CREATE INDEX `edition_terms_kind_slug_superseded_published_at_idx` ON `edition_terms` (`kind`,`slug`,`superseded`,`published_at`,`article_id`);--> statement-breakpoint
CREATE INDEX `edition_terms_kind_slug_superseded_updated_at_idx` ON `edition_terms` (`kind`,`slug`,`superseded`,`updated_at`,`article_id`);--> statement-breakpoint
CREATE TABLE `edition_words` (
	`place` integer PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	`edition` integer NOT NULL,
	`is_listed` integer NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `edition_words_article_id_edition_idx` ON `edition_words` (`article_id`,`edition`);--> statement-breakpoint
CREATE INDEX `edition_words_is_listed_place_idx` ON `edition_words` (`is_listed`,`place`);--> statement-breakpoint
CREATE TABLE `editions` (
	`article_id` text NOT NULL,
	`edition` integer NOT NULL,
	`slug` text NOT NULL,
	`section` text NOT NULL,
	`published_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`live_from` text NOT NULL,
	`live_until` text NOT NULL,
	`expires_at` text NOT NULL,
	`embargo` integer NOT NULL,
	`content_version` integer NOT NULL,
	`corrections` text NOT NULL,
	`begin_noted` integer NOT NULL,
	`end_noted` integer NOT NULL,
	`superseded` integer NOT NULL,
	`card` text NOT NULL,
	PRIMARY KEY(`article_id`, `edition`)
);
--> statement-breakpoint
CREATE INDEX `editions_article_id_live_until_idx` ON `editions` (`article_id`,`live_until`);--> statement-breakpoint
CREATE INDEX `editions_superseded_published_at_idx` ON `editions` (`superseded`,`published_at`,`article_id`);--> statement-breakpoint
CREATE INDEX `editions_published_at_article_id_idx` ON `editions` (`published_at`,`article_id`);--> statement-breakpoint
CREATE INDEX `editions_begin_noted_live_from_idx` ON `editions` (`begin_noted`,`live_from`);--> statement-breakpoint
CREATE INDEX `editions_end_noted_live_until_idx` ON `editions` (`end_noted`,`live_until`);--> statement-breakpoint
CREATE INDEX `editions_superseded_live_until_idx` ON `editions` (`superseded`,`live_until`);--> statement-breakpoint
CREATE INDEX `editions_superseded_updated_at_idx` ON `editions` (`superseded`,`updated_at`,`article_id`);--> statement-breakpoint
CREATE TABLE `event_counter` (
	`id` integer PRIMARY KEY NOT NULL,
	`last` integer NOT NULL,
	`last_public` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`public_seq` integer,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`at` text NOT NULL,
	`is_public` integer NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`payload` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_key` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_is_public_seq_idx` ON `events` (`is_public`,`seq`);--> statement-breakpoint
CREATE UNIQUE INDEX `events_public_seq_key` ON `events` (`public_seq`);--> statement-breakpoint
CREATE INDEX `events_subject_kind_subject_id_seq_idx` ON `events` (`subject_kind`,`subject_id`,`seq`);--> statement-breakpoint
CREATE TABLE `former_paths` (
	`path` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `former_paths_article_id_idx` ON `former_paths` (`article_id`);--> statement-breakpoint
CREATE TABLE `front_editions` (
	`key` text NOT NULL,
	`version` integer NOT NULL,
	`live_from` text NOT NULL,
	`live_until` text NOT NULL,
	`updated_at` text NOT NULL,
	`card` text NOT NULL,
	`rails` text NOT NULL,
	PRIMARY KEY(`key`, `version`)
);
--> statement-breakpoint
CREATE INDEX `front_editions_key_live_until_idx` ON `front_editions` (`key`,`live_until`);--> statement-breakpoint
CREATE TABLE `front_versions` (
	`key` text NOT NULL,
	`version` integer NOT NULL,
	`action` text NOT NULL,
	`content` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	PRIMARY KEY(`key`, `version`)
);
--> statement-breakpoint
CREATE TABLE `fronts` (
	`key` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`is_deleted` integer NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `headline_links` (
	`id` text PRIMARY KEY NOT NULL,
	`list_id` text NOT NULL,
	`parent_id` text,
	`is_pending` integer NOT NULL,
	`target_article_id` text,
	`pending_digest` text
);
--> statement-breakpoint
CREATE INDEX `headline_links_list_id_idx` ON `headline_links` (`list_id`);--> statement-breakpoint
CREATE INDEX `headline_links_target_article_id_idx` ON `headline_links` (`target_article_id`,`id`);--> statement-breakpoint
CREATE INDEX `headline_links_pending_digest_idx` ON `headline_links` (`pending_digest`);--> statement-breakpoint
CREATE INDEX `headline_links_is_pending_idx` ON `headline_links` (`is_pending`,`id`);--> statement-breakpoint
CREATE TABLE `headline_list_versions` (
	`list_id` text NOT NULL,
	`version` integer NOT NULL,
	`action` text NOT NULL,
	`content` text,
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
	`content_version` integer NOT NULL,
	`scheduled_version` integer,
	`scheduled_from` text,
	`release_id` text,
	`published_version` integer,
	`removed` text NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `headline_lists_key_key` ON `headline_lists` (`key`);--> statement-breakpoint
CREATE INDEX `headline_lists_scheduled_from_idx` ON `headline_lists` (`scheduled_from`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`caller_id` text NOT NULL,
	`digest` text NOT NULL,
	`request` text NOT NULL,
	`status` integer NOT NULL,
	`headers` text NOT NULL,
	`body` text,
	`created_at` text NOT NULL,
	PRIMARY KEY(`caller_id`, `digest`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_at_idx` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `import_jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`options` text NOT NULL,
	`caller_id` text NOT NULL,
	`caller_name` text NOT NULL,
	`created_at` text NOT NULL,
	`finished_at` text,
	`bytes` integer NOT NULL,
	`bytes_read` integer NOT NULL,
	`counts` text NOT NULL,
	`error` text,
	`tries` integer NOT NULL,
	`worker` text,
	`worker_until` text
);
--> statement-breakpoint
CREATE INDEX `import_jobs_state_created_at_idx` ON `import_jobs` (`state`,`created_at`);--> statement-breakpoint
CREATE TABLE `import_records` (
	`job_id` text NOT NULL,
	`number` integer NOT NULL,
	`result` text NOT NULL,
	`source` text NOT NULL,
	`line` integer,
	`source_id` text,
	`article_id` text,
	`rail_key` text,
	`why` text,
	`warnings` text NOT NULL,
	PRIMARY KEY(`job_id`, `number`)
);
--> statement-breakpoint
CREATE INDEX `import_records_job_id_result_number_idx` ON `import_records` (`job_id`,`result`,`number`);--> statement-breakpoint
CREATE INDEX `import_records_article_id_idx` ON `import_records` (`article_id`);--> statement-breakpoint
CREATE TABLE `imported` (
	`key` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	`origin` text,
	`digest` text NOT NULL,
	`content_version` integer NOT NULL,
	`list_version` integer NOT NULL,
	`is_held` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `imported_article_id_idx` ON `imported` (`article_id`);--> statement-breakpoint
CREATE INDEX `imported_origin_idx` ON `imported` (`origin`);--> statement-breakpoint
CREATE TABLE `instants` (
	`at` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`scopes` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`created_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash_key` ON `keys` (`hash`);--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `list_editions` (
	`list_id` text NOT NULL,
	`version` integer NOT NULL,
	`key` text,
	`live_from` text NOT NULL,
	`live_until` text NOT NULL,
	`updated_at` text NOT NULL,
	`card` text NOT NULL,
	`items` text NOT NULL,
	`needs` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`list_id`, `version`)
);
--> statement-breakpoint
CREATE INDEX `list_editions_list_id_live_until_idx` ON `list_editions` (`list_id`,`live_until`);--> statement-breakpoint
CREATE INDEX `list_editions_key_live_until_idx` ON `list_editions` (`key`,`live_until`);--> statement-breakpoint
CREATE TABLE `list_windows` (
	`list_id` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`list_id`, `at`)
);
--> statement-breakpoint
CREATE INDEX `list_windows_at_list_id_idx` ON `list_windows` (`at`,`list_id`);--> statement-breakpoint
CREATE TABLE `previews` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`shows_at` text,
	`note` text,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	`expires_at` text NOT NULL,
	`revoked_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `previews_hash_key` ON `previews` (`hash`);--> statement-breakpoint
CREATE INDEX `previews_subject_idx` ON `previews` (`subject`);--> statement-breakpoint
CREATE INDEX `previews_created_at_id_idx` ON `previews` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `release_items` (
	`release_id` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`version` integer NOT NULL,
	`plan` text,
	`position` integer NOT NULL,
	PRIMARY KEY(`release_id`, `kind`, `subject`),
	FOREIGN KEY (`release_id`) REFERENCES `releases`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `release_items_subject_idx` ON `release_items` (`subject`);--> statement-breakpoint
CREATE TABLE `releases` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`version` integer NOT NULL,
	`state` text NOT NULL,
	`live_from` text,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `releases_updated_at_id_idx` ON `releases` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `releases_state_live_from_idx` ON `releases` (`state`,`live_from`,`id`);--> statement-breakpoint
CREATE TABLE `slugs` (
	`slug` text PRIMARY KEY NOT NULL,
	`article_id` text NOT NULL,
	FOREIGN KEY (`article_id`) REFERENCES `articles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `slugs_article_id_idx` ON `slugs` (`article_id`);--> statement-breakpoint
CREATE TABLE `taxonomy` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `term_slugs` (
	`kind` text NOT NULL,
	`slug` text NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`kind`, `slug`)
);
--> statement-breakpoint
CREATE INDEX `term_slugs_kind_key_idx` ON `term_slugs` (`kind`,`key`);--> statement-breakpoint
CREATE TABLE `terms` (
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`parent_key` text,
	`details` text NOT NULL,
	`is_defined` integer NOT NULL,
	`version` integer NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL,
	PRIMARY KEY(`kind`, `key`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `terms_kind_slug_key` ON `terms` (`kind`,`slug`);--> statement-breakpoint
CREATE INDEX `terms_kind_parent_key_idx` ON `terms` (`kind`,`parent_key`);--> statement-breakpoint
CREATE TABLE `tombstones` (
	`article_id` text PRIMARY KEY NOT NULL,
	`reason` text,
	`was_public` integer NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `vocabulary` (
	`word` text PRIMARY KEY NOT NULL,
	`initial` text NOT NULL,
	`length` integer NOT NULL,
	`article_id` text NOT NULL,
	`is_public` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `vocabulary_is_public_initial_length_idx` ON `vocabulary` (`is_public`,`initial`,`length`);--> statement-breakpoint
CREATE INDEX `vocabulary_article_id_idx` ON `vocabulary` (`article_id`);--> statement-breakpoint
CREATE TABLE `webhook_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`delivery_id` text NOT NULL,
	`at` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`status` integer,
	`error` text,
	`answer` text NOT NULL,
	FOREIGN KEY (`delivery_id`) REFERENCES `webhook_deliveries`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_attempts_delivery_id_at_id_idx` ON `webhook_attempts` (`delivery_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`webhook_id` text NOT NULL,
	`message_id` text NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_at` text NOT NULL,
	`claim` text,
	`claimed_until` text,
	`created_at` text NOT NULL,
	`finished_at` text,
	`last_at` text,
	`last_status` integer,
	`last_error` text,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_webhook_id_message_id_key` ON `webhook_deliveries` (`webhook_id`,`message_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_subject_idx` ON `webhook_deliveries` (`webhook_id`,`state`,`subject_kind`,`subject_id`,`seq`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_state_next_at_idx` ON `webhook_deliveries` (`state`,`next_at`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook_id_created_at_id_idx` ON `webhook_deliveries` (`webhook_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_subject_kind_subject_id_idx` ON `webhook_deliveries` (`subject_kind`,`subject_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_created_at_idx` ON `webhook_deliveries` (`created_at`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`url` text NOT NULL,
	`format` text NOT NULL,
	`kinds` text NOT NULL,
	`sections` text NOT NULL,
	`service` text,
	`paths` text NOT NULL,
	`secret` text,
	`former_secret` text,
	`former_secret_until` text,
	`token` text,
	`version` integer NOT NULL,
	`is_active` integer NOT NULL,
	`disabled_reason` text,
	`disabled_at` text,
	`failing_since` text,
	`paused_until` text,
	`place` integer NOT NULL,
	`created_at` text NOT NULL,
	`created_by_id` text NOT NULL,
	`created_by_name` text NOT NULL,
	`updated_at` text NOT NULL,
	`updated_by_id` text NOT NULL,
	`updated_by_name` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `webhooks_created_at_id_idx` ON `webhooks` (`created_at`,`id`);