// The peer of bench/math.ts: go-metrics doing the same work, one JSON line of nanoseconds an operation.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"

	metrics "github.com/rcrowley/go-metrics"
)

const (
	size  = 128
	alpha = 0.015
)

// per runs f(n) in rounds until some 0.4 s have gone by, and gives the fastest round's nanoseconds an operation.
func per(n int, f func(n int)) float64 {
	f(n)
	best := 0.0
	for begin := time.Now(); time.Since(begin) < 400*time.Millisecond; {
		start := time.Now()
		f(n)
		each := float64(time.Since(start).Nanoseconds()) / float64(n)
		if best == 0 || each < best {
			best = each
		}
	}
	return best
}

// full gives reservoirs that are full.
func full(count int) []metrics.Sample {
	samples := make([]metrics.Sample, count)
	for i := range samples {
		samples[i] = metrics.NewExpDecaySample(size, alpha)
		for v := 0; v < 2*size; v++ {
			samples[i].Update(int64(v * 7919 % 1000))
		}
	}
	return samples
}

func update(samples []metrics.Sample) func(int) {
	next := 0
	return func(n int) {
		for i := 0; i < n; i++ {
			samples[next].Update(int64(i))
			if next++; next == len(samples) {
				next = 0
			}
		}
	}
}

func mark(meters []metrics.Meter) func(int) {
	next := 0
	return func(n int) {
		for i := 0; i < n; i++ {
			meters[next].Mark(1)
			if next++; next == len(meters) {
				next = 0
			}
		}
	}
}

// bytes is what the heap grows by for each of count samples that saw `values` values.
func bytes(count, values int) float64 {
	var before, after runtime.MemStats
	kept := make([]metrics.Sample, count)
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range kept {
		kept[i] = metrics.NewExpDecaySample(size, alpha)
		for v := 0; v < values; v++ {
			kept[i].Update(int64(v))
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return float64(after.HeapAlloc-before.HeapAlloc) / float64(count)
}

var sink float64

// statistics reads what an event of ziti holds, in its order.
func statistics(histogram metrics.Histogram) {
	s := histogram.Snapshot()
	sink += float64(s.Count()) + float64(s.Max()) + s.Mean() + float64(s.Min()) + s.StdDev() + s.Variance()
	for _, p := range s.Percentiles([]float64{0.5, 0.75, 0.95, 0.99, 0.999, 0.9999}) {
		sink += p
	}
}

func main() {
	meters := make([]metrics.Meter, 10000)
	for i := range meters {
		meters[i] = metrics.NewMeter()
	}
	one := full(1)
	histogram := metrics.NewHistogram(one[0])
	timer := metrics.NewHistogram(metrics.NewExpDecaySample(1028, alpha))
	for v := 0; v < 2056; v++ {
		timer.Update(int64(v * 7919 % 10000))
	}
	snapshots := func(h metrics.Histogram) func(int) {
		return func(n int) {
			for i := 0; i < n; i++ {
				statistics(h)
			}
		}
	}
	out := map[string]float64{
		"update1":      per(200000, update(one)),
		"update10000":  per(200000, update(full(10000))),
		"mark1":        per(200000, mark(meters[:1])),
		"mark10000":    per(200000, mark(meters)),
		"snapshot128":  per(2000, snapshots(histogram)),
		"snapshot1028": per(200, snapshots(timer)),
		"bytes1":       bytes(5000, 1),
		"bytes16":      bytes(5000, 16),
		"bytes128":     bytes(5000, 128),
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
