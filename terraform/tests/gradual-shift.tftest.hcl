# Which version of a function runs: the newest, or for a while an earlier one with a share for the newest.

mock_provider "aws" {
  source = "./tests/mocks"
}

# Its values are known in a plan, so that what is made of them can be looked at without an apply.
mock_provider "aws" {
  alias           = "known"
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name     = "outbox-outbox-relay"
  service  = "outbox-relay"
  package  = "./tests/fixtures/outbox-relay/outbox-relay.zip"
  location = { partition = "aws", region = "eu-west-1", account_id = "111122223333", dns_suffix = "amazonaws.com" }
}

run "newest_version_gets_everything" {
  module {
    source = "./modules/lambda-function"
  }

  assert {
    condition     = aws_lambda_function.this.publish && aws_lambda_alias.live.function_version == "8" && length(aws_lambda_alias.live.routing_config) == 0
    error_message = "Each change is published, and the alias follows."
  }

  assert {
    condition     = output.alias_name == "live" && output.alias_arn == aws_lambda_alias.live.arn && output.alias_invoke_arn == aws_lambda_alias.live.invoke_arn
    error_message = "Whoever invokes the function is given the alias."
  }
}

run "newest_version_gets_a_share" {
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { gradual_shift = { from_version = "7", weight = 0.1 } }
  }

  assert {
    condition     = aws_lambda_alias.live.function_version == "7" && aws_lambda_alias.live.routing_config[0].additional_version_weights == tomap({ "8" = 0.1 })
    error_message = "The held version goes on, and the newest gets its share."
  }
}

run "newest_version_is_taken_back" {
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { gradual_shift = { from_version = "7", weight = 0 } }
  }

  assert {
    condition     = output.alias_version == "7" && output.newest_version == "8" && length(aws_lambda_alias.live.routing_config) == 0
    error_message = "A weight of 0 leaves the held version alone."
  }
}

run "nothing_newer_to_shift_to" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { gradual_shift = { from_version = "8", weight = 0.1 } }
  }
  expect_failures = [aws_lambda_alias.live]
}

run "held_version_is_no_number" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { gradual_shift = { from_version = "$LATEST", weight = 0.1 } }
  }
  expect_failures = [var.settings]
}

run "share_is_everything" {
  command = plan
  module {
    source = "./modules/lambda-function"
  }
  variables {
    settings = { gradual_shift = { from_version = "7", weight = 1 } }
  }
  expect_failures = [var.settings]
}

run "every_function_can_be_held" {
  command   = plan
  providers = { aws = aws.known }
  variables {
    artifacts_dir = "./tests/fixtures"
    carrier_url   = "https://carrier.example.com"
    mail_url      = "https://mail.example.com"
    gradual_shift = {
      for app in ["fulfilment", "notifications", "order-progress", "order-query", "order-view", "orders-api", "outbox-acknowledger", "outbox-relay", "outbox-sweeper"] :
      app => { from_version = "7", weight = 0 }
    }
  }

  assert {
    condition     = alltrue([for app in keys(var.gradual_shift) : output.function_versions[app] == { live = "7", newest = "8" }])
    error_message = "An entry of gradual_shift reaches its function, whichever it is."
  }
}

run "held_function_does_not_exist" {
  command = plan
  variables {
    carrier_url   = "https://carrier.example.com"
    mail_url      = "https://mail.example.com"
    gradual_shift = { shipping = { from_version = "7", weight = 0 } }
  }
  expect_failures = [var.gradual_shift]
}
