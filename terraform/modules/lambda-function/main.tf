locals {
  shift = var.settings.gradual_shift

  # Creating the group is Terraform's: with logs:CreateLogGroup a late log line would bring it back after a destroy.
  log_statement = {
    sid        = "WriteOwnLogs"
    actions    = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources  = ["arn:${var.location.partition}:logs:${var.location.region}:${var.location.account_id}:log-group:/aws/lambda/${var.name}:*"]
    conditions = {}
  }

  tracing = var.settings.tracing == null ? {} : {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = var.settings.tracing.endpoint
    TRACE_SAMPLE_PERCENT               = tostring(var.settings.tracing.sample_percent)
  }

  # What it is to write less of: named only then, so that a version that knows more settings changes no function.
  less = merge(
    var.settings.metrics ? {} : { POWERTOOLS_METRICS_DISABLED = "true" },
    var.settings.log_sample_rate == 1 ? {} : { LOG_SAMPLE_RATE = tostring(var.settings.log_sample_rate) },
  )

  # X-Ray takes signed requests; its action knows no resources.
  trace_statements = !can(regex("^https://xray\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/", var.settings.tracing.endpoint)) ? [] : [{
    sid        = "SendSpans"
    actions    = ["xray:PutTraceSegments"]
    resources  = ["*"]
    conditions = {}
  }]

  # Only through the service whose data it is; the function itself encrypts nothing. Its variables need no statement:
  # Lambda grants the role that when the function is created.
  key_statements = var.encryption_key == null ? [] : [
    for service, actions in var.key_actions : {
      Sid       = "UseKeyThrough${title(service)}"
      Effect    = "Allow"
      Action    = actions
      Resource  = [var.encryption_key.arn]
      Condition = { StringEquals = { "kms:ViaService" = "${service}.${var.location.region}.${var.location.dns_suffix}" } }
    }
  ]
}

# ---------------------------------------------------------------------------------------------------------------------
# Logs
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.settings.log_retention_days
  kms_key_id        = one(var.encryption_key[*].arn)
}

# ---------------------------------------------------------------------------------------------------------------------
# Permissions
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "this" {
  name        = var.name
  path        = var.settings.role_path
  description = "Execution role of the function ${var.name}"

  permissions_boundary = var.settings.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LambdaOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.location.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "permissions"
  role = aws_iam_role.this.id # not its name: a role that is made anew under the same name has no policies

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in concat([local.log_statement], local.trace_statements, var.policy_statements) : {
      for key, value in {
        Sid       = statement.sid
        Effect    = "Allow"
        Action    = statement.actions
        Resource  = statement.resources
        Condition = length(statement.conditions) == 0 ? null : statement.conditions
      } : key => value if value != null
    }]
  })
}

# By itself: while the key doesn't exist yet its ARN hides the whole policy from the plan.
resource "aws_iam_role_policy" "key" {
  count = length(local.key_statements) == 0 ? 0 : 1

  name = "encryption-key"
  role = aws_iam_role.this.id

  policy = jsonencode({ Version = "2012-10-17", Statement = local.key_statements })
}

# ---------------------------------------------------------------------------------------------------------------------
# Function
# ---------------------------------------------------------------------------------------------------------------------

resource "aws_lambda_function" "this" {
  function_name = var.name
  # Says so for the plan's sake: while the ARN of a key that is yet to be made is unknown, the provider sees no change of
  # kms_key_arn, promises the old version, and the apply breaks off. This change it does see.
  description = var.encryption_key == null ? var.description : join(" ", compact([var.description, "(customer managed key)"]))
  role        = aws_iam_role.this.arn

  runtime          = var.settings.runtime
  architectures    = [var.settings.architecture]
  handler          = "index.handler"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)

  memory_size = var.settings.memory_size
  timeout     = var.settings.timeout_seconds

  reserved_concurrent_executions = var.settings.reserved_concurrency

  publish     = true
  kms_key_arn = one(var.encryption_key[*].arn)

  environment {
    variables = merge(var.environment, local.tracing, {
      POWERTOOLS_SERVICE_NAME      = var.service
      POWERTOOLS_METRICS_NAMESPACE = "Outbox"
      POWERTOOLS_LOG_LEVEL         = var.settings.log_level
    }, local.less)
  }

  # Whoever creates an event source mapping or a pipe on this function is checked against the role's permissions then.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.key, aws_cloudwatch_log_group.this]

  lifecycle {
    precondition {
      condition     = fileexists(var.package)
      error_message = "${var.package} does not exist. Terraform deploys zips, it doesn't build them: build it first (in this repository: `make build`)."
    }
  }
}

# ---------------------------------------------------------------------------------------------------------------------
# Alias
# ---------------------------------------------------------------------------------------------------------------------

# What everybody invokes: a change of the function reaches them here, in one step or by shares. Versions are never
# changed, so whatever runs while the alias moves runs on as it began.
resource "aws_lambda_alias" "live" {
  name          = "live"
  description   = "What is invoked"
  function_name = aws_lambda_function.this.function_name

  function_version = local.shift == null ? aws_lambda_function.this.version : local.shift.from_version

  dynamic "routing_config" {
    for_each = [for shift in [local.shift] : shift if shift != null ? shift.weight > 0 : false]

    content {
      additional_version_weights = { (aws_lambda_function.this.version) = routing_config.value.weight }
    }
  }

  lifecycle {
    precondition {
      condition     = local.shift == null ? true : local.shift.weight == 0 || local.shift.from_version != aws_lambda_function.this.version
      error_message = "${var.service} has no version newer than the one that gradual_shift holds: there is nothing to shift to. Take ${var.service} out of gradual_shift, or give it the weight 0."
    }
  }
}
