mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name     = "outbox-outbox-relay"
  service  = "outbox-relay"
  package  = "./tests/fixtures/outbox-relay/outbox-relay.zip"
  location = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
}

run "defaults" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }

  assert {
    condition = {
      runtime       = aws_lambda_function.this.runtime
      handler       = aws_lambda_function.this.handler
      architectures = aws_lambda_function.this.architectures
      filename      = aws_lambda_function.this.filename
      hash          = aws_lambda_function.this.source_code_hash
      } == {
      runtime       = "nodejs22.x"
      handler       = "index.handler"
      architectures = tolist(["arm64"])
      filename      = "./tests/fixtures/outbox-relay/outbox-relay.zip"
      hash          = filebase64sha256("./tests/fixtures/outbox-relay/outbox-relay.zip")
    }
    error_message = "The function runs the zip of its app, and changes when the zip does."
  }

  assert {
    condition = aws_lambda_function.this.environment[0].variables == tomap({
      POWERTOOLS_SERVICE_NAME      = "outbox-relay"
      POWERTOOLS_METRICS_NAMESPACE = "Outbox"
      POWERTOOLS_LOG_LEVEL         = "INFO"
    })
    error_message = "Every function gets what Powertools reads, and nothing else by itself."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "LambdaOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "aws:SourceAccount" = "111122223333" } }
      }]
    }
    error_message = "Only Lambda, for this account, takes the role."
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy) == {
      Version = "2012-10-17"
      Statement = [{
        Sid      = "WriteOwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/outbox-outbox-relay:*"]
      }]
    }
    error_message = "By itself a function may write its own logs and nothing else."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/outbox-outbox-relay" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "Terraform owns the log group, so logs expire."
  }
}

run "statements_and_environment" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    policy_statements = [
      { sid = "Plain", actions = ["dynamodb:GetItem"], resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"] },
      {
        sid        = "Conditional"
        actions    = ["dynamodb:PutItem"]
        resources  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"]
        conditions = { StringEquals = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      },
    ]
    environment = { TABLE = "t" }
  }

  assert {
    condition = slice(jsondecode(aws_iam_role_policy.this.policy).Statement, 1, 3) == [
      {
        Sid      = "Plain"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"]
      },
      {
        Sid       = "Conditional"
        Effect    = "Allow"
        Action    = ["dynamodb:PutItem"]
        Resource  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"]
        Condition = { StringEquals = { "dynamodb:EnclosingOperation" = ["TransactWriteItems"] } }
      },
    ]
    error_message = "Statements arrive as they were given, with a Condition only where there is one."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["TABLE"] == "t"
    error_message = "The caller's variables arrive beside the common ones."
  }
}

run "wildcard_resource" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    policy_statements = [{ sid = "All", actions = ["dynamodb:GetItem"], resources = ["*"] }]
  }
  expect_failures = [var.policy_statements]
}

run "wildcard_action" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    policy_statements = [{ sid = "All", actions = ["dynamodb:*"], resources = ["arn:aws:dynamodb:eu-west-1:111122223333:table/t"] }]
  }
  expect_failures = [var.policy_statements]
}

run "not_built" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    package = "./tests/fixtures/nobody-built-this.zip"
  }
  expect_failures = [aws_lambda_function.this]
}

run "name_too_long" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    name = "a2345678901234567890123456789012345678901234567890123456789012345"
  }
  expect_failures = [var.name]
}

run "values_out_of_range" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { log_level = "VERBOSE", architecture = "riscv", memory_size = 64, timeout_seconds = 901, runtime = "python3.13" }
  }
  expect_failures = [var.settings]
}

run "log_sample_is_no_share" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { log_sample_rate = 10 }
  }
  expect_failures = [var.settings]
}

run "other_settings" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = {
      runtime              = "nodejs20.x"
      architecture         = "x86_64"
      memory_size          = 512
      timeout_seconds      = 5
      reserved_concurrency = 3
      log_retention_days   = 7
      log_level            = "DEBUG"
      log_sample_rate      = 0.05
      metrics              = false
      permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
    }
  }

  assert {
    condition = {
      runtime      = aws_lambda_function.this.runtime
      architecture = aws_lambda_function.this.architectures[0]
      memory       = aws_lambda_function.this.memory_size
      timeout      = aws_lambda_function.this.timeout
      reserved     = aws_lambda_function.this.reserved_concurrent_executions
      kept         = aws_cloudwatch_log_group.this.retention_in_days
      level        = aws_lambda_function.this.environment[0].variables["POWERTOOLS_LOG_LEVEL"]
      sample       = aws_lambda_function.this.environment[0].variables["LOG_SAMPLE_RATE"]
      no_metrics   = aws_lambda_function.this.environment[0].variables["POWERTOOLS_METRICS_DISABLED"]
      boundary     = aws_iam_role.this.permissions_boundary
      } == {
      runtime      = "nodejs20.x"
      architecture = "x86_64"
      memory       = 512
      timeout      = 5
      reserved     = 3
      kept         = 7
      level        = "DEBUG"
      sample       = "0.05"
      no_metrics   = "true"
      boundary     = "arn:aws:iam::111122223333:policy/bounded"
    }
    error_message = "Each setting reaches the function, its role or its log."
  }
}

run "traces" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { tracing = { endpoint = "https://collector.example.com/v1/traces", sample_percent = 5 } }
  }

  assert {
    condition = { for name, value in aws_lambda_function.this.environment[0].variables : name => value if !startswith(name, "POWERTOOLS_") } == {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "https://collector.example.com/v1/traces"
      TRACE_SAMPLE_PERCENT               = "5"
    }
    error_message = "The function is told where its spans go, and of how many traces."
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.this.policy).Statement) == 1
    error_message = "A collector needs no permission of AWS."
  }
}

run "traces_to_xray" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { tracing = { endpoint = "https://xray.eu-west-1.amazonaws.com/v1/traces" } }
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["TRACE_SAMPLE_PERCENT"] == "100"
    error_message = "All traces are recorded, unless told."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[1] == { Sid = "SendSpans", Effect = "Allow", Action = ["xray:PutTraceSegments"], Resource = ["*"] }
    error_message = "X-Ray takes spans of who may put them; the action has no resources."
  }
}

run "traces_in_the_clear" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { tracing = { endpoint = "http://collector.example.com/v1/traces" } }
  }
  expect_failures = [var.settings]
}

run "traces_by_halves" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { tracing = { endpoint = "https://collector.example.com/v1/traces", sample_percent = 0.5 } }
  }
  expect_failures = [var.settings]
}

run "another_partition" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    location       = { partition = "aws-cn", region = "cn-north-1", account_id = "111122223333", dns_suffix = "amazonaws.com.cn" }
    encryption_key = { arn = "arn:aws-cn:kms:cn-north-1:111122223333:key/k" }
    key_actions    = { dynamodb = ["kms:Decrypt"] }
  }

  assert {
    condition     = jsondecode(output.key_policy_json).Statement[0].Condition == { StringEquals = { "kms:ViaService" = "dynamodb.cn-north-1.amazonaws.com.cn" } }
    error_message = "Names of services end as the partition has it."
  }

  assert {
    condition     = jsondecode(output.role_policy_json).Statement[0].Resource == ["arn:aws-cn:logs:cn-north-1:111122223333:log-group:/aws/lambda/outbox-outbox-relay:*"]
    error_message = "ARNs are the partition's."
  }
}
