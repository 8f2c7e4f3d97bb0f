# Runs the snippets on standard input as Rails reads config/database.yml. Prints one row or one error for each, as JSON.
require 'active_record'
require 'erb'
require 'json'
require 'yaml'

def run(pasted)
  config = YAML.safe_load(ERB.new(pasted['snippet']).result).fetch('production')
  ActiveRecord::Base.establish_connection(config)
  { row: ActiveRecord::Base.connection.select_rows(pasted['question']).first }
rescue StandardError, LoadError => e
  { error: "#{e.class}: #{e.message}" }
end

puts JSON.generate(JSON.parse($stdin.read).map { |pasted| run(pasted) })
