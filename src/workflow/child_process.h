// What processes that run tasks have in common, whoever started them.
#pragma once

#include <string>

namespace reel::workflow {

// Stands before each task in a process's log; what follows are its words.
inline constexpr char kTaskMark[] = "begin task ";

// glibc reads this at a program's start. Encoders walk through hundreds of
// megabytes over and over: huge pages spare them about a twentieth of their
// time, and where the kernel has none, nothing changes. What one probe frees
// the next one takes, without pages that the kernel clears anew (a tenth of the
// time of a small picture's probes); between tasks all of it is given back.
inline constexpr char kAllocatorSetting[] =
    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:"
    "glibc.malloc.mmap_threshold=33554432:"
    "glibc.malloc.trim_threshold=268435456";

// Gives back what the last task has freed.
void TrimHeap();
// Empties this process's standard error if that is a long file: a chatty codec
// must not fill the disk over a long film.
void BoundLog();
// The end of what a process wrote to that file during its last task; one line,
// "" for nothing.
std::string LastWordsOf(const std::string& log);

}  // namespace reel::workflow
