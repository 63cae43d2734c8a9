# The orders service: its state, and its API.
locals {
  tables_arn       = "arn:${local.location.partition}:dynamodb:${local.location.region}:${local.location.account_id}:table"
  orders_table_arn = "${local.tables_arn}/${var.name_prefix}-orders"

  # Orders are only ever written together with their events. DynamoDB authorises a transaction by its parts: there is no
  # action TransactWriteItems. The condition takes the single write away.
  in_transactions = { "ForAnyValue:StringEquals" = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
  place_orders = [{
    sid        = "CommitOrder"
    actions    = ["dynamodb:PutItem"]
    resources  = [local.orders_table_arn]
    conditions = local.in_transactions
  }]
  change_orders = [
    {
      sid        = "CommitChange"
      actions    = ["dynamodb:UpdateItem"]
      resources  = [local.orders_table_arn]
      conditions = local.in_transactions
    },
    {
      sid        = "ReadOrder"
      actions    = ["dynamodb:GetItem"]
      resources  = [local.orders_table_arn]
      conditions = {}
    },
  ]

  # For who writes what only holds as long as an order stays as it is.
  check_orders = [{
    sid        = "CheckOrder"
    actions    = ["dynamodb:ConditionCheckItem"]
    resources  = [local.orders_table_arn]
    conditions = {}
  }]
}

# ---------------------------------------------------------------------------------------------------------------------
# Table
# ---------------------------------------------------------------------------------------------------------------------

# The service's own state. It needs nothing for the outbox's sake: neither stream nor keys of a certain form.
resource "aws_dynamodb_table" "orders" {
  name                        = "${var.name_prefix}-orders"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.deletion_protection

  hash_key = "orderId"

  attribute {
    name = "orderId"
    type = "S"
  }

  point_in_time_recovery {
    enabled                 = local.table_settings.point_in_time_recovery
    recovery_period_in_days = local.table_settings.point_in_time_recovery ? local.table_settings.recovery_period_days : null
  }

  # Without the block the account's quota is the limit.
  dynamic "on_demand_throughput" {
    for_each = local.capped_tables

    content {
      max_read_request_units  = local.table_settings.max_read_units
      max_write_request_units = local.table_settings.max_write_units
    }
  }

  # Said in both cases: a block that is left out stays as it was, and the table under a key that is gone. Without a key
  # of the customer's DynamoDB encrypts with one that it owns.
  server_side_encryption {
    enabled     = local.encryption_key != null
    kms_key_arn = one(local.encryption_key[*].arn)
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# HTTP API
# ---------------------------------------------------------------------------------------------------------------------

module "orders_api" {
  source = "./modules/lambda-function"

  name        = "${var.name_prefix}-orders-api"
  service     = "orders-api"
  description = "Places, changes and reads orders; commits each change with its event"
  location    = local.location

  policy_statements = concat(local.place_orders, local.change_orders, module.outbox.writer_policy_statements)

  encryption_key = local.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  package = "${var.artifacts_dir}/orders-api/orders-api.zip"
  settings = merge(local.function_settings, {
    timeout_seconds      = 15
    gradual_shift        = lookup(var.gradual_shift, "orders-api", null)
    reserved_concurrency = lookup(var.reserved_concurrency, "orders-api", null)
  })

  environment = merge(module.outbox.writer_environment, {
    ORDERS_TABLE_NAME       = aws_dynamodb_table.orders.name
    REQUIRE_IDEMPOTENCY_KEY = tostring(var.require_idempotency_key)
  })
}

# Without the read model there is nothing to list.
module "order_query" {
  source = "./modules/lambda-function"
  count  = contains(keys(var.consumers), "order-view") ? 1 : 0

  name        = "${var.name_prefix}-order-query"
  service     = "order-query"
  description = "Lists a customer's orders from the read model"
  location    = local.location

  policy_statements = [{
    sid       = "QueryOrdersOfCustomer"
    actions   = ["dynamodb:Query"]
    resources = ["${local.tables_arn}/${var.name_prefix}-order-view/index/byCustomer"]
  }]

  encryption_key = local.encryption_key
  key_actions    = { dynamodb = ["kms:Decrypt"] }

  package = "${var.artifacts_dir}/order-query/order-query.zip"
  settings = merge(local.function_settings, {
    timeout_seconds      = 15
    gradual_shift        = lookup(var.gradual_shift, "order-query", null)
    reserved_concurrency = lookup(var.reserved_concurrency, "order-query", null)
  })

  environment = {
    ORDER_VIEW_TABLE_NAME = module.consumers["order-view"].table_name
  }
}

module "http_api" {
  source = "./modules/http-api"

  name        = var.name_prefix
  description = "Orders"

  functions = merge(
    {
      orders-api = {
        function_name = module.orders_api.function_name
        alias_name    = module.orders_api.alias_name
        invoke_arn    = module.orders_api.alias_invoke_arn
        routes        = ["POST /orders", "PATCH /orders/{orderId}", "GET /orders/{orderId}", "HEAD /orders/{orderId}"]
      }
    },
    {
      for query in module.order_query : "order-query" => {
        function_name = query.function_name
        alias_name    = query.alias_name
        invoke_arn    = query.alias_invoke_arn
        # The greedy path is for ids with a slash (%2F), should API Gateway decode it before it chooses the route.
        routes = ["GET /customers/{customerId}/orders", "HEAD /customers/{customerId}/orders", "GET /customers/{path+}", "HEAD /customers/{path+}"]
      }
    },
  )

  authorization = var.api_authorization
  cors = var.api_cors == null ? null : {
    allow_origins     = var.api_cors.allow_origins
    allow_methods     = ["GET", "HEAD", "PATCH", "POST"]
    allow_credentials = var.api_cors.allow_credentials
    max_age_seconds   = var.api_cors.max_age_seconds
    # What orders-api reads and answers with; the x-amz- ones are of signed requests.
    allow_headers  = ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "traceparent", "tracestate", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
    expose_headers = ["etag", "location", "retry-after"]
  }

  encryption_key     = local.encryption_key
  throttling         = var.api_throttling
  log_retention_days = var.log_retention_days
}

# Said in every plan for as long as it is so.
check "api_asks_who_calls" {
  assert {
    condition     = var.api_authorization.type != "NONE"
    error_message = "The API is open: whoever knows its address may place, change and read orders. Set api_authorization to AWS_IAM or JWT before anybody else's data gets in."
  }
}
