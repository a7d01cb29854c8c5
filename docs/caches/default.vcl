# Varnish in front of Dateline (Varnish 6 or later). Start Dateline with CACHE_TAGS=surrogate-key, and Varnish with
# "-p http_gzip_support=off": Dateline compresses by itself, and each coding of an answer has an ETag of its own.
# Purge by tag:  curl -X PURGE -H 'Surrogate-Key: articles' http://127.0.0.1:6081/
# A webhook of the format varnish does that with each event (docs/webhooks.md).
vcl 4.1;

backend default {
  .host = "127.0.0.1";
  .port = "3000";
}

# Who may purge.
acl purgers {
  "127.0.0.1";
}

sub vcl_recv {
  if (req.method == "PURGE") {
    if (client.ip !~ purgers) {
      return (synth(405));
    }
    # A tag is a whole word of the field. Letters, digits, hyphens and underscores only, so that no pattern gets in.
    if (req.http.Surrogate-Key !~ "^[A-Za-z0-9_-]+$") {
      return (synth(400, "One tag in Surrogate-Key"));
    }
    ban("obj.http.Surrogate-Key ~ (^|\s)" + req.http.Surrogate-Key + "(\s|$)");
    return (synth(200, "Purged"));
  }
  # What is asked for with a key is nobody else's, and what the desk writes and reads is never kept.
  if (req.http.Authorization || req.url ~ "^/v1/editorial" || (req.method != "GET" && req.method != "HEAD")) {
    return (pass);
  }
  # Two spellings of the same coding are one copy.
  if (req.http.Accept-Encoding ~ "br") {
    set req.http.Accept-Encoding = "br";
  } elsif (req.http.Accept-Encoding ~ "gzip") {
    set req.http.Accept-Encoding = "gzip";
  } else {
    unset req.http.Accept-Encoding;
  }
  # Without Cookies there is nothing that makes one reader's answer another's.
  unset req.http.Cookie;
  return (hash);
}

sub vcl_backend_response {
  if (beresp.http.Cache-Control ~ "private|no-store") {
    set beresp.uncacheable = true;
    set beresp.ttl = 0s;
    return (deliver);
  }
}

sub vcl_deliver {
  # For the cache, not for readers.
  unset resp.http.Surrogate-Key;
}
