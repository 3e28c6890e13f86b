-- Ids are compared byte by byte (collate "C"): they rise with time, so an order by id is an order by age.

create table accounts.users (
  id text collate "C" primary key,
  -- Null once erased. `email_key` is the form under which an address counts as the same.
  email text,
  email_key text collate "C",
  email_verified_at timestamptz(3),
  pending_email text,
  password_hash text,
  password_changed_at timestamptz(3) not null,
  display_name text,
  given_name text,
  family_name text,
  locale text not null,
  phone text,
  suspended_at timestamptz(3),
  erasure_pending boolean not null default false,
  erased_at timestamptz(3),
  status text collate "C" not null generated always as (
    case
      when erased_at is not null then 'ERASED'
      when suspended_at is not null then 'SUSPENDED'
      when erasure_pending then 'ERASURE_PENDING'
      else 'ACTIVE'
    end
  ) stored,
  display_name_key text collate "C" generated always as (lower(display_name)) stored,
  given_name_key text collate "C" generated always as (lower(given_name)) stored,
  family_name_key text collate "C" generated always as (lower(family_name)) stored,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint users_erased_is_empty check (
    (erased_at is null and email is not null and email_key is not null and password_hash is not null)
    or (erased_at is not null and email is null and email_key is null and pending_email is null
      and password_hash is null and display_name is null and given_name is null and family_name is null
      and phone is null)
  )
);
create unique index users_email on accounts.users (email_key);
create index users_by_status on accounts.users (status, id);
create index users_by_display_name on accounts.users (display_name_key);
create index users_by_given_name on accounts.users (given_name_key);
create index users_by_family_name on accounts.users (family_name_key);

create table accounts.roles (
  name text collate "C" primary key,
  description text not null,
  scopes text[] not null,
  version integer not null default 1
);

create table accounts.user_roles (
  user_id text collate "C" not null references accounts.users,
  role_name text collate "C" not null references accounts.roles,
  primary key (user_id, role_name)
);
create index user_roles_by_role on accounts.user_roles (role_name, user_id);

create table accounts.sessions (
  id text collate "C" primary key,
  user_id text collate "C" not null references accounts.users,
  device text not null,
  ip_address text not null,
  last_used_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  ended_at timestamptz(3),
  created_at timestamptz(3) not null
);
create index sessions_by_use on accounts.sessions (user_id, last_used_at desc, id desc);
create index sessions_by_expiry on accounts.sessions (expires_at);

-- A session's chain of tokens. Spent ones are kept until they would have expired, so that a copy is recognised.
create table accounts.refresh_tokens (
  hash bytea primary key,
  session_id text collate "C" not null references accounts.sessions on delete cascade,
  spent_at timestamptz(3),
  expires_at timestamptz(3) not null
);
create index refresh_tokens_by_session on accounts.refresh_tokens (session_id);
create index refresh_tokens_by_expiry on accounts.refresh_tokens (expires_at);

create table accounts.mailed_tokens (
  hash bytea primary key,
  user_id text collate "C" not null references accounts.users,
  purpose text not null check (purpose in ('VERIFY_EMAIL', 'RESET_PASSWORD')),
  email text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index mailed_tokens_by_user on accounts.mailed_tokens (user_id, purpose);
create index mailed_tokens_by_expiry on accounts.mailed_tokens (expires_at);

create table accounts.mfa_challenges (
  hash bytea primary key,
  user_id text collate "C" not null references accounts.users,
  tries_left integer not null,
  expires_at timestamptz(3) not null
);
create index mfa_challenges_by_user on accounts.mfa_challenges (user_id);
create index mfa_challenges_by_expiry on accounts.mfa_challenges (expires_at);

-- How often somebody has failed, by the hash of what they tried it on.
create table accounts.attempts (
  key bytea primary key,
  count integer not null,
  blocked_until timestamptz(3) not null,
  last_at timestamptz(3) not null
);
create index attempts_by_age on accounts.attempts (last_at);

create table accounts.authenticators (
  user_id text collate "C" primary key references accounts.users,
  sealed_secret bytea not null,
  -- The TOTP step of the last accepted code: a code works once.
  last_step bigint not null default 0,
  confirmed_at timestamptz(3),
  -- Of an enrolment that waits for its first code.
  expires_at timestamptz(3) not null
);

create table accounts.recovery_codes (
  user_id text collate "C" not null references accounts.users,
  hash bytea not null,
  primary key (user_id, hash)
);

create table accounts.addresses (
  id text collate "C" primary key,
  user_id text collate "C" not null references accounts.users,
  label text,
  recipient text not null,
  line1 text not null,
  line2 text,
  city text not null,
  region text,
  postal_code text,
  country_code text not null,
  phone text,
  is_default_shipping boolean not null,
  is_default_billing boolean not null,
  last_used_at timestamptz(3) not null,
  version integer not null default 1
);
create index addresses_by_use on accounts.addresses (user_id, last_used_at desc, id desc);
create unique index addresses_default_shipping on accounts.addresses (user_id) where is_default_shipping;
create unique index addresses_default_billing on accounts.addresses (user_id) where is_default_billing;

create table accounts.api_keys (
  id text collate "C" primary key,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_by text collate "C" references accounts.users,
  last_used_at timestamptz(3),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) not null
);

create table accounts.signing_keys (
  id text collate "C" primary key,
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamptz(3) not null,
  signs_from timestamptz(3) not null,
  signs_until timestamptz(3) not null,
  -- Until then its last tokens may still be about.
  published_until timestamptz(3) not null
);

create table accounts.audit_log (
  seq bigint primary key,
  id text collate "C" not null unique,
  occurred_at timestamptz(3) not null,
  action text not null,
  actor_id text collate "C",
  api_key_id text collate "C",
  subject_id text collate "C",
  ip_address text,
  request_id text not null,
  details jsonb,
  hash bytea not null
);
create index audit_log_by_subject on accounts.audit_log (subject_id, id);
create index audit_log_by_actor on accounts.audit_log (actor_id, id);
create index audit_log_by_action on accounts.audit_log (action, id);

-- The end of the chain: who appends locks this row, so entries follow one another.
create table accounts.audit_head (
  singleton boolean primary key default true check (singleton),
  seq bigint not null,
  hash bytea not null
);
insert into accounts.audit_head (seq, hash) values (0, '');

create function accounts.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is never changed';
end
$$;
create trigger audit_log_is_never_changed before update or delete or truncate on accounts.audit_log
  for each statement execute function accounts.refuse_change();

create table accounts.privacy_requests (
  id text collate "C" primary key,
  user_id text collate "C" not null references accounts.users,
  kind text not null check (kind in ('EXPORT', 'ERASURE')),
  state text collate "C" not null check (state in ('WAITING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  runs_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  completed_at timestamptz(3)
);
create index privacy_requests_by_user on accounts.privacy_requests (user_id, id);
create index privacy_requests_by_due on accounts.privacy_requests (due_at, id);
create index privacy_requests_by_state on accounts.privacy_requests (state, due_at, id);
create index privacy_requests_to_start on accounts.privacy_requests (runs_at) where state = 'WAITING';
create unique index privacy_requests_open on accounts.privacy_requests (user_id, kind)
  where state in ('WAITING', 'RUNNING');

create table accounts.privacy_steps (
  request_id text collate "C" not null references accounts.privacy_requests,
  domain text not null,
  state text not null check (state in ('PENDING', 'DONE', 'FAILED')),
  records integer,
  retained text,
  finished_at timestamptz(3),
  -- How often the domain was asked, and when next.
  asked integer not null default 0,
  ask_at timestamptz(3) not null,
  -- What an export found.
  data jsonb,
  primary key (request_id, domain)
);
create index privacy_steps_to_ask on accounts.privacy_steps (ask_at) where state = 'PENDING';
create index privacy_steps_archived on accounts.privacy_steps (request_id) where data is not null;

-- Domain events, written with the state that they tell of.
create table accounts.outbox (
  position bigint generated always as identity primary key,
  id text collate "C" not null unique,
  type text not null,
  version integer not null,
  aggregate_id text collate "C" not null,
  data jsonb not null,
  request_id text,
  occurred_at timestamptz(3) not null
);

insert into accounts.roles (name, description, scopes) values
  ('customer', 'Shops: holds no scope, and everybody has it.', '{}'),
  ('support', 'Answers customers: sees their accounts, orders, payments and parcels, and may mend orders.',
    '{users:read,orders:read,orders:write,payments:read,shipping:read,catalog:read,inventory:read,pricing:read}'),
  ('catalog-manager', 'Keeps the catalog, its prices and how it is found.',
    '{catalog:read,catalog:write,catalog:publish,pricing:read,pricing:write,search:read,search:write,inventory:read}'),
  ('moderator', 'Decides on reviews, questions and reports.', '{reviews:moderate,catalog:read}'),
  ('warehouse-clerk', 'Counts stock and sends parcels.',
    '{inventory:read,inventory:write,shipping:read,shipping:write,orders:read}'),
  ('accountant', 'Reads the ledger, and pays money back.',
    '{ledger:read,ledger:write,payments:read,payments:refund,orders:read}'),
  ('analyst', 'Looks at figures and changes nothing.', '{insights:read,orders:read,catalog:read,inventory:read}'),
  ('admin', 'May do everything.', '{}');
