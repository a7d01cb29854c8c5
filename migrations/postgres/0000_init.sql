CREATE TABLE "addresses" (
	"slug" text COLLATE "C" PRIMARY KEY NOT NULL,
	"article_id" text COLLATE "C" NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "article_locks" (
	"article_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder_id" text COLLATE "C" NOT NULL,
	"holder_name" text COLLATE "C" NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"broken" json
);
--> statement-breakpoint
CREATE TABLE "article_versions" (
	"article_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C",
	"content" json,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	CONSTRAINT "article_versions_article_id_version_pk" PRIMARY KEY("article_id","version")
);
--> statement-breakpoint
CREATE TABLE "articles" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"external_id" text COLLATE "C",
	"imported_from" text COLLATE "C",
	"version" integer NOT NULL,
	"content_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL,
	"trashed_at" timestamp (3) with time zone,
	"killed_at" timestamp (3) with time zone,
	"kill_reason" text COLLATE "C",
	"edition" integer NOT NULL,
	"first_published_at" timestamp (3) with time zone,
	"published_content_version" integer,
	"live_from" timestamp (3) with time zone,
	"live_until" timestamp (3) with time zone,
	"withdrawn" boolean NOT NULL,
	"scheduled_content_version" integer,
	"scheduled_from" timestamp (3) with time zone,
	"scheduled_until" timestamp (3) with time zone,
	"scheduled_embargo" boolean NOT NULL,
	"release_id" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text COLLATE "C",
	"actor_name" text COLLATE "C",
	"request_id" text COLLATE "C" NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"times" integer NOT NULL,
	"subject_kind" text COLLATE "C",
	"subject_id" text COLLATE "C",
	"version" integer,
	"changed" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "edition_bodies" (
	"article_id" text COLLATE "C" NOT NULL,
	"edition" integer NOT NULL,
	"html" text COLLATE "C" NOT NULL,
	"blocks" text COLLATE "C" NOT NULL,
	"markdown" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C" NOT NULL,
	CONSTRAINT "edition_bodies_article_id_edition_pk" PRIMARY KEY("article_id","edition")
);
--> statement-breakpoint
CREATE TABLE "edition_terms" (
	"article_id" text COLLATE "C" NOT NULL,
	"edition" integer NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"superseded" boolean NOT NULL,
	CONSTRAINT "edition_terms_article_id_edition_kind_slug_pk" PRIMARY KEY("article_id","edition","kind","slug")
);
--> statement-breakpoint
CREATE TABLE "edition_words" (
	"place" bigint PRIMARY KEY NOT NULL,
	"article_id" text COLLATE "C" NOT NULL,
	"edition" integer NOT NULL,
	"is_listed" boolean NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "editions" (
	"article_id" text COLLATE "C" NOT NULL,
	"edition" integer NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"section" text COLLATE "C" NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"live_from" timestamp (3) with time zone NOT NULL,
	"live_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"embargo" boolean NOT NULL,
	"content_version" integer NOT NULL,
	"corrections" json NOT NULL,
	"begin_noted" boolean NOT NULL,
	"end_noted" boolean NOT NULL,
	"superseded" boolean NOT NULL,
	"card" text COLLATE "C" NOT NULL,
	CONSTRAINT "editions_article_id_edition_pk" PRIMARY KEY("article_id","edition")
);
--> statement-breakpoint
CREATE TABLE "event_counter" (
	"id" integer PRIMARY KEY NOT NULL,
	"last" bigint NOT NULL,
	"last_public" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"public_seq" bigint,
	"id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"is_public" boolean NOT NULL,
	"subject_kind" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"payload" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "former_paths" (
	"path" text COLLATE "C" PRIMARY KEY NOT NULL,
	"article_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "front_editions" (
	"key" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"live_from" timestamp (3) with time zone NOT NULL,
	"live_until" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"card" text COLLATE "C" NOT NULL,
	"rails" text COLLATE "C" NOT NULL,
	CONSTRAINT "front_editions_key_version_pk" PRIMARY KEY("key","version")
);
--> statement-breakpoint
CREATE TABLE "front_versions" (
	"key" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"content" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	CONSTRAINT "front_versions_key_version_pk" PRIMARY KEY("key","version")
);
--> statement-breakpoint
CREATE TABLE "fronts" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"is_deleted" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "headline_links" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"list_id" text COLLATE "C" NOT NULL,
	"parent_id" text COLLATE "C",
	"is_pending" boolean NOT NULL,
	"target_article_id" text COLLATE "C",
	"pending_digest" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "headline_list_versions" (
	"list_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"action" text COLLATE "C" NOT NULL,
	"content" json,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	CONSTRAINT "headline_list_versions_list_id_version_pk" PRIMARY KEY("list_id","version")
);
--> statement-breakpoint
CREATE TABLE "headline_lists" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C",
	"version" integer NOT NULL,
	"content_version" integer NOT NULL,
	"scheduled_version" integer,
	"scheduled_from" timestamp (3) with time zone,
	"release_id" text COLLATE "C",
	"published_version" integer,
	"removed" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"caller_id" text COLLATE "C" NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	"request" text COLLATE "C" NOT NULL,
	"status" integer NOT NULL,
	"headers" json NOT NULL,
	"body" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_caller_id_digest_pk" PRIMARY KEY("caller_id","digest")
);
--> statement-breakpoint
CREATE TABLE "import_jobs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"options" json NOT NULL,
	"caller_id" text COLLATE "C" NOT NULL,
	"caller_name" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"bytes" bigint NOT NULL,
	"bytes_read" bigint NOT NULL,
	"counts" json NOT NULL,
	"error" text COLLATE "C",
	"tries" integer NOT NULL,
	"worker" text COLLATE "C",
	"worker_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "import_records" (
	"job_id" text COLLATE "C" NOT NULL,
	"number" integer NOT NULL,
	"result" text COLLATE "C" NOT NULL,
	"source" text COLLATE "C" NOT NULL,
	"line" integer,
	"source_id" text COLLATE "C",
	"article_id" text COLLATE "C",
	"rail_key" text COLLATE "C",
	"why" text COLLATE "C",
	"warnings" json NOT NULL,
	CONSTRAINT "import_records_job_id_number_pk" PRIMARY KEY("job_id","number")
);
--> statement-breakpoint
CREATE TABLE "imported" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"article_id" text COLLATE "C" NOT NULL,
	"origin" text COLLATE "C",
	"digest" text COLLATE "C" NOT NULL,
	"content_version" integer NOT NULL,
	"list_version" integer NOT NULL,
	"is_held" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instants" (
	"at" timestamp (3) with time zone PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"scopes" json NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"hint" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"holder" text COLLATE "C" NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "list_editions" (
	"list_id" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"key" text COLLATE "C",
	"live_from" timestamp (3) with time zone NOT NULL,
	"live_until" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"card" text COLLATE "C" NOT NULL,
	"items" text COLLATE "C" NOT NULL,
	"needs" text COLLATE "C" NOT NULL,
	"digest" text COLLATE "C" NOT NULL,
	CONSTRAINT "list_editions_list_id_version_pk" PRIMARY KEY("list_id","version")
);
--> statement-breakpoint
CREATE TABLE "list_windows" (
	"list_id" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "list_windows_list_id_at_pk" PRIMARY KEY("list_id","at")
);
--> statement-breakpoint
CREATE TABLE "previews" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"shows_at" timestamp (3) with time zone,
	"note" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "release_items" (
	"release_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"plan" json,
	"position" integer NOT NULL,
	CONSTRAINT "release_items_release_id_kind_subject_pk" PRIMARY KEY("release_id","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"version" integer NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"live_from" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slugs" (
	"slug" text COLLATE "C" PRIMARY KEY NOT NULL,
	"article_id" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "taxonomy" (
	"id" integer PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "term_slugs" (
	"kind" text COLLATE "C" NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	CONSTRAINT "term_slugs_kind_slug_pk" PRIMARY KEY("kind","slug")
);
--> statement-breakpoint
CREATE TABLE "terms" (
	"kind" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"parent_key" text COLLATE "C",
	"details" json NOT NULL,
	"is_defined" boolean NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL,
	CONSTRAINT "terms_kind_key_pk" PRIMARY KEY("kind","key")
);
--> statement-breakpoint
CREATE TABLE "tombstones" (
	"article_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"reason" text COLLATE "C",
	"was_public" boolean NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vocabulary" (
	"word" text COLLATE "C" PRIMARY KEY NOT NULL,
	"initial" text COLLATE "C" NOT NULL,
	"length" integer NOT NULL,
	"article_id" text COLLATE "C" NOT NULL,
	"is_public" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_attempts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"delivery_id" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"status" integer,
	"error" text COLLATE "C",
	"answer" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"webhook_id" text COLLATE "C" NOT NULL,
	"message_id" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"subject_kind" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"attempts" integer NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"claim" text COLLATE "C",
	"claimed_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"last_at" timestamp (3) with time zone,
	"last_status" integer,
	"last_error" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"url" text COLLATE "C" NOT NULL,
	"format" text COLLATE "C" NOT NULL,
	"kinds" json NOT NULL,
	"sections" json NOT NULL,
	"service" text COLLATE "C",
	"paths" json NOT NULL,
	"secret" text COLLATE "C",
	"former_secret" text COLLATE "C",
	"former_secret_until" timestamp (3) with time zone,
	"token" text COLLATE "C",
	"version" integer NOT NULL,
	"is_active" boolean NOT NULL,
	"disabled_reason" text COLLATE "C",
	"disabled_at" timestamp (3) with time zone,
	"failing_since" timestamp (3) with time zone,
	"paused_until" timestamp (3) with time zone,
	"place" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by_id" text COLLATE "C" NOT NULL,
	"created_by_name" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by_id" text COLLATE "C" NOT NULL,
	"updated_by_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "article_versions" ADD CONSTRAINT "article_versions_article_id_articles_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."articles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "release_items" ADD CONSTRAINT "release_items_release_id_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "public"."releases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slugs" ADD CONSTRAINT "slugs_article_id_articles_id_fk" FOREIGN KEY ("article_id") REFERENCES "public"."articles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_attempts" ADD CONSTRAINT "webhook_attempts_delivery_id_webhook_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."webhook_deliveries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "addresses_article_id_idx" ON "addresses" USING btree ("article_id");--> statement-breakpoint
CREATE UNIQUE INDEX "articles_external_id_key" ON "articles" USING btree ("external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "articles_imported_from_key" ON "articles" USING btree ("imported_from");--> statement-breakpoint
CREATE INDEX "articles_updated_at_id_idx" ON "articles" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "articles_created_by_id_updated_at_idx" ON "articles" USING btree ("created_by_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "articles_scheduled_from_idx" ON "articles" USING btree ("scheduled_from");--> statement-breakpoint
CREATE INDEX "articles_live_until_idx" ON "articles" USING btree ("live_until");--> statement-breakpoint
CREATE INDEX "audit_at_id_idx" ON "audit" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_subject_id_at_idx" ON "audit" USING btree ("subject_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_actor_id_at_idx" ON "audit" USING btree ("actor_id","at","id");--> statement-breakpoint
CREATE INDEX "edition_terms_kind_slug_superseded_published_at_idx" ON "edition_terms" USING btree ("kind","slug","superseded","published_at","article_id");--> statement-breakpoint
CREATE INDEX "edition_terms_kind_slug_superseded_updated_at_idx" ON "edition_terms" USING btree ("kind","slug","superseded","updated_at","article_id");--> statement-breakpoint
CREATE INDEX "edition_words_article_id_edition_idx" ON "edition_words" USING btree ("article_id","edition");--> statement-breakpoint
CREATE INDEX "edition_words_is_listed_place_idx" ON "edition_words" USING btree ("is_listed","place");--> statement-breakpoint
CREATE INDEX "editions_article_id_live_until_idx" ON "editions" USING btree ("article_id","live_until");--> statement-breakpoint
CREATE INDEX "editions_superseded_published_at_idx" ON "editions" USING btree ("superseded","published_at","article_id");--> statement-breakpoint
CREATE INDEX "editions_published_at_article_id_idx" ON "editions" USING btree ("published_at","article_id");--> statement-breakpoint
CREATE INDEX "editions_begin_noted_live_from_idx" ON "editions" USING btree ("begin_noted","live_from");--> statement-breakpoint
CREATE INDEX "editions_end_noted_live_until_idx" ON "editions" USING btree ("end_noted","live_until");--> statement-breakpoint
CREATE INDEX "editions_superseded_live_until_idx" ON "editions" USING btree ("superseded","live_until");--> statement-breakpoint
CREATE INDEX "editions_superseded_updated_at_idx" ON "editions" USING btree ("superseded","updated_at","article_id");--> statement-breakpoint
CREATE UNIQUE INDEX "events_id_key" ON "events" USING btree ("id");--> statement-breakpoint
CREATE INDEX "events_is_public_seq_idx" ON "events" USING btree ("is_public","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "events_public_seq_key" ON "events" USING btree ("public_seq");--> statement-breakpoint
CREATE INDEX "events_subject_kind_subject_id_seq_idx" ON "events" USING btree ("subject_kind","subject_id","seq");--> statement-breakpoint
CREATE INDEX "former_paths_article_id_idx" ON "former_paths" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "front_editions_key_live_until_idx" ON "front_editions" USING btree ("key","live_until");--> statement-breakpoint
CREATE INDEX "headline_links_list_id_idx" ON "headline_links" USING btree ("list_id");--> statement-breakpoint
CREATE INDEX "headline_links_target_article_id_idx" ON "headline_links" USING btree ("target_article_id","id");--> statement-breakpoint
CREATE INDEX "headline_links_pending_digest_idx" ON "headline_links" USING btree ("pending_digest");--> statement-breakpoint
CREATE INDEX "headline_links_is_pending_idx" ON "headline_links" USING btree ("is_pending","id");--> statement-breakpoint
CREATE UNIQUE INDEX "headline_lists_key_key" ON "headline_lists" USING btree ("key");--> statement-breakpoint
CREATE INDEX "headline_lists_scheduled_from_idx" ON "headline_lists" USING btree ("scheduled_from");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "import_jobs_state_created_at_idx" ON "import_jobs" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "import_records_job_id_result_number_idx" ON "import_records" USING btree ("job_id","result","number");--> statement-breakpoint
CREATE INDEX "import_records_article_id_idx" ON "import_records" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "imported_article_id_idx" ON "imported" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "imported_origin_idx" ON "imported" USING btree ("origin");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_hash_key" ON "keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "list_editions_list_id_live_until_idx" ON "list_editions" USING btree ("list_id","live_until");--> statement-breakpoint
CREATE INDEX "list_editions_key_live_until_idx" ON "list_editions" USING btree ("key","live_until");--> statement-breakpoint
CREATE INDEX "list_windows_at_list_id_idx" ON "list_windows" USING btree ("at","list_id");--> statement-breakpoint
CREATE UNIQUE INDEX "previews_hash_key" ON "previews" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "previews_subject_idx" ON "previews" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "previews_created_at_id_idx" ON "previews" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "release_items_subject_idx" ON "release_items" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "releases_updated_at_id_idx" ON "releases" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "releases_state_live_from_idx" ON "releases" USING btree ("state","live_from","id");--> statement-breakpoint
CREATE INDEX "slugs_article_id_idx" ON "slugs" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "term_slugs_kind_key_idx" ON "term_slugs" USING btree ("kind","key");--> statement-breakpoint
CREATE UNIQUE INDEX "terms_kind_slug_key" ON "terms" USING btree ("kind","slug");--> statement-breakpoint
CREATE INDEX "terms_kind_parent_key_idx" ON "terms" USING btree ("kind","parent_key");--> statement-breakpoint
CREATE INDEX "vocabulary_is_public_initial_length_idx" ON "vocabulary" USING btree ("is_public","initial","length");--> statement-breakpoint
CREATE INDEX "vocabulary_article_id_idx" ON "vocabulary" USING btree ("article_id");--> statement-breakpoint
CREATE INDEX "webhook_attempts_delivery_id_at_id_idx" ON "webhook_attempts" USING btree ("delivery_id","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_webhook_id_message_id_key" ON "webhook_deliveries" USING btree ("webhook_id","message_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_subject_idx" ON "webhook_deliveries" USING btree ("webhook_id","state","subject_kind","subject_id","seq");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_state_next_at_idx" ON "webhook_deliveries" USING btree ("state","next_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook_id_created_at_id_idx" ON "webhook_deliveries" USING btree ("webhook_id","created_at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_subject_kind_subject_id_idx" ON "webhook_deliveries" USING btree ("subject_kind","subject_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_created_at_idx" ON "webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhooks_created_at_id_idx" ON "webhooks" USING btree ("created_at","id");