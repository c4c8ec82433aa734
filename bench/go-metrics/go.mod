module mirrormon/bench/go-metrics

go 1.21

require github.com/rcrowley/go-metrics v0.0.0-20250401214520-65e299d6c5c9
