using Osprey.Target.Unwinding;

namespace Osprey.Guests.Osv.Threads;

/// <summary>Tells the frames that wait apart from the code that wanted to.</summary>
internal static class OsvWaitFrames
{
    /// <summary>Source files of locks and the like: what is in them waits for its caller.</summary>
    private static readonly HashSet<string> s_locks =
    [
        "arch-switch.hh",
        "sched.S",
        "psci.cc",
        "mutex.hh",
        "mutex.cc",
        "mutex.c",
        "mutex.h",
        "lfmutex.cc",
        "lockfree.hh",
        "condvar.cc",
        "condvar.h",
        "condvar.hh",
        "rwlock.cc",
        "rwlock.h",
        "rwlock.hh",
        "semaphore.cc",
        "semaphore.hh",
        "waitqueue.cc",
        "waitqueue.hh",
        "wait_record.hh",
        "wait_record.h",
    ];

    /// <summary>Functions of the scheduler that switch, wait or sleep.</summary>
    private static readonly string[] s_scheduler =
    [
        "switch_to",
        "reschedule_from_interrupt",
        "schedule",
        "wait",
        "wait_until",
        "wait_until_interruptible",
        "wait_for",
        "do_wait_until",
        "do_wait_for",
        "sleep",
        "sleep_impl",
        "preempt",
        "yield",
        "wait_for_interrupt",
    ];

    /// <summary>Functions of the C library that programs lock, wait and sleep with.</summary>
    private static readonly HashSet<string> s_library =
    [
        "pthread_mutex_lock",
        "pthread_mutex_timedlock",
        "pthread_cond_wait",
        "pthread_cond_timedwait",
        "pthread_rwlock_rdlock",
        "pthread_rwlock_wrlock",
        "pthread_join",
        "sem_wait",
        "sem_timedwait",
        "sleep",
        "usleep",
        "nanosleep",
        "clock_nanosleep",
    ];

    /// <summary>Tells whether a frame only waits, or runs what the scheduler starts.</summary>
    public static bool IsWaiting(BacktraceRow row)
    {
        string file = Path.GetFileName(row.File ?? "");
        if (s_locks.Contains(file))
            return true;

        if (row.Function is not { } function)
            return false;

        if (s_library.Contains(function))
            return true;

        string name = GetBaseName(function);
        return (file is "sched.cc" or "sched.hh" or "")
            && Array.IndexOf(s_scheduler, name) >= 0
            && (file.Length > 0 || function.Contains("sched::", StringComparison.Ordinal));
    }

    /// <summary>
    /// Gives the last part of a function's name, without scope, template arguments and parameters: "wait_until".
    /// </summary>
    public static string GetBaseName(string function)
    {
        int depth = 0;
        int end = function.Length;
        int start = 0;
        for (int i = 0; i < function.Length; i++)
        {
            char letter = function[i];
            if (letter is '<' or '(')
            {
                if (depth++ == 0 && end == function.Length && i > start)
                    end = i;
            }
            else if (letter is '>' or ')')
            {
                depth--;
            }
            else if (depth == 0 && (letter == ' ' || (letter == ':' && i + 1 < function.Length)))
            {
                // A result's type or a scope comes before the name; what follows the parameters does not.
                if (letter == ' ' && end < function.Length && function[end] == '(')
                    break;

                start = i + 1;
                end = function.Length;
            }
        }

        return end > start ? function[start..end] : function;
    }
}
