using Osprey.Guests.Threads;
using Osprey.Target.Unwinding;

namespace Osprey.Guests.Linux.Threads;

/// <summary>Tells the frames that wait apart from the code that wanted to, and what that waits for.</summary>
/// <remarks>
/// Functions that only wait for their callers are in two parts of the kernel's code, between symbols of the linker's
/// (<c>__sched</c> and the spin locks). The first frame outside is the task's wait channel, as in
/// <c>/proc/PID/wchan</c>. What a task waits for is told by the names of functions alone.
/// </remarks>
internal sealed class LinuxWaitFrames
{
    private static readonly (string Start, string End)[] s_parts =
    [
        ("__sched_text_start", "__sched_text_end"),
        ("__lock_text_start", "__lock_text_end"),
    ];

    /// <summary>What functions wait for. The innermost one counts.</summary>
    private static readonly Dictionary<string, GuestWait> s_waits = ToDictionary(
        (GuestWaitKind.Mutex, "a mutex", "__mutex_lock mutex_lock mutex_lock_interruptible mutex_lock_killable"),
        (GuestWaitKind.Mutex, "a mutex", "__mutex_lock_slowpath __mutex_lock_interruptible_slowpath mutex_lock_io"),
        (GuestWaitKind.Mutex, "a real-time mutex", "rt_mutex_lock __rt_mutex_slowlock rt_mutex_slowlock"),
        (GuestWaitKind.ReadWriteLock, "a read-write semaphore, to read", "rwsem_down_read_slowpath down_read"),
        (GuestWaitKind.ReadWriteLock, "a read-write semaphore, to write", "rwsem_down_write_slowpath down_write"),
        (GuestWaitKind.Semaphore, "a semaphore", "__down __down_interruptible __down_killable __down_timeout"),
        (GuestWaitKind.WaitQueue, "a futex", "futex_wait_queue futex_wait_queue_me futex_wait __futex_wait do_futex"),
        (GuestWaitKind.WaitQueue, "a completion", "wait_for_completion wait_for_completion_timeout wait_for_common"),
        (GuestWaitKind.WaitQueue, "a completion", "wait_for_completion_killable wait_for_completion_state"),
        (GuestWaitKind.WaitQueue, "a completion", "wait_for_completion_interruptible wait_for_completion_io"),
        (GuestWaitKind.WaitQueue, "a page", "folio_wait_bit_common wait_on_page_bit wait_on_page_bit_common"),
        (GuestWaitKind.WaitQueue, "input and output of a block device", "submit_bio_wait blk_execute_rq"),
        (GuestWaitKind.Sleep, "time: it sleeps", "do_nanosleep hrtimer_nanosleep msleep msleep_interruptible"),
        (GuestWaitKind.Sleep, "time: it sleeps", "usleep_range_state usleep_range common_nsleep"),
        (GuestWaitKind.Join, "the end of a child process", "do_wait kernel_wait4 kernel_waitid"),
        (GuestWaitKind.WaitQueue, "memory that a program is to provide (userfaultfd)", "handle_userfault"),
        (GuestWaitKind.WaitQueue, "data in a pipe", "pipe_read anon_pipe_read"),
        (GuestWaitKind.WaitQueue, "room in a pipe", "pipe_write anon_pipe_write"),
        (
            GuestWaitKind.WaitQueue,
            "data of a socket",
            "unix_stream_read_generic __skb_wait_for_more_packets sk_wait_data"
        ),
        (GuestWaitKind.WaitQueue, "a connection", "inet_csk_accept unix_accept inet_wait_for_connect"),
        (GuestWaitKind.WaitQueue, "room in a socket", "sk_stream_wait_memory sock_alloc_send_pskb unix_wait_for_peer"),
        (GuestWaitKind.WaitQueue, "an event (eventfd)", "eventfd_read"),
        (GuestWaitKind.WaitQueue, "a signal (signalfd)", "signalfd_read signalfd_read_iter signalfd_dequeue"),
        (GuestWaitKind.WaitQueue, "a timer (timerfd)", "timerfd_read timerfd_read_iter"),
        (GuestWaitKind.WaitQueue, "a change of files (inotify)", "inotify_read"),
        (GuestWaitKind.WaitQueue, "a lock of a file", "locks_lock_inode_wait flock_lock_inode_wait do_lock_file_wait"),
        (GuestWaitKind.Semaphore, "a System V semaphore", "do_semtimedop __do_semtimedop"),
        (GuestWaitKind.WaitQueue, "a System V message", "do_msgrcv do_msgsnd"),
        (GuestWaitKind.WaitQueue, "a commit of a journal", "jbd2_log_wait_commit"),
        (GuestWaitKind.WaitQueue, "dirty pages to be written", "balance_dirty_pages balance_dirty_pages_ratelimited"),
        (GuestWaitKind.WaitQueue, "a buffer of a block device", "__wait_on_buffer"),
        (GuestWaitKind.WaitQueue, "room in the queue of a block device", "blk_mq_get_tag"),
        (GuestWaitKind.WaitQueue, "an answer of a server (RPC)", "rpc_wait_bit_killable nfs_wait_bit_killable"),
        (GuestWaitKind.WaitQueue, "an answer of a file system in user mode (FUSE)", "request_wait_answer"),
        (GuestWaitKind.WaitQueue, "requests of its file system (FUSE)", "fuse_dev_do_read"),
        (GuestWaitKind.WaitQueue, "the end of work of the kernel", "__flush_work __flush_workqueue flush_workqueue"),
        (GuestWaitKind.WaitQueue, "the end of an RCU grace period", "__wait_rcu_gp synchronize_rcu"),
        (GuestWaitKind.Condition, "to be thawed", "__refrigerator"),
        (GuestWaitKind.WaitQueue, "one of several files (poll)", "do_poll do_sys_poll do_select core_sys_select"),
        (GuestWaitKind.WaitQueue, "one of several files (epoll)", "ep_poll do_epoll_wait"),
        (GuestWaitKind.WaitQueue, "input from a terminal", "n_tty_read"),
        (GuestWaitKind.Condition, "a signal", "__do_sys_pause __x64_sys_pause sigsuspend do_sigtimedwait"),
        (GuestWaitKind.Condition, "its tracer", "ptrace_stop"),
        (GuestWaitKind.Condition, "a signal to go on", "do_signal_stop"),
        (GuestWaitKind.Condition, "work", "worker_thread rescuer_thread smpboot_thread_fn kthread_worker_fn kswapd"),
        (GuestWaitKind.Condition, "a thread to make", "kthreadd")
    );

    private readonly (ulong Start, ulong End)[] _parts;

    private LinuxWaitFrames((ulong, ulong)[] parts) => _parts = parts;

    /// <summary>Finds the parts of the code that wait.</summary>
    public static LinuxWaitFrames Of(GuestKernel kernel)
    {
        var parts = new List<(ulong, ulong)>();
        foreach ((string start, string end) in s_parts)
        {
            if (kernel.FindSymbol(start) is { } first && kernel.FindSymbol(end) is { } last)
                parts.Add((first, last));
        }

        return new LinuxWaitFrames([.. parts]);
    }

    /// <summary>True when a frame is of a function that waits for its caller.</summary>
    public bool IsWaiting(BacktraceRow frame)
    {
        foreach ((ulong start, ulong end) in _parts)
        {
            if (frame.Address >= start && frame.Address < end)
                return true;
        }

        return false;
    }

    /// <summary>Finds out what a task waits for; null when it runs, or nothing tells.</summary>
    public static GuestWait? FindWait(GuestThreadState task, IReadOnlyList<BacktraceRow> rows)
    {
        if (task.IsRunning || task.Id == 0) // a CPU's idle task runs when no other can
            return null;

        if (task.StateLetter == 'R')
            return new GuestWait(GuestWaitKind.Cpu, "a CPU");

        foreach (BacktraceRow row in rows)
        {
            if (row.Function is { } function && s_waits.TryGetValue(GetPlainName(function), out GuestWait? wait))
                return wait;
        }

        return null;
    }

    /// <summary>A function's name without what the compiler added for a copy of it: ".isra.0".</summary>
    private static string GetPlainName(string function)
    {
        int dot = function.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? function[..dot] : function;
    }

    private static Dictionary<string, GuestWait> ToDictionary(
        params (GuestWaitKind Kind, string Description, string Functions)[] waits
    )
    {
        var found = new Dictionary<string, GuestWait>();
        foreach ((GuestWaitKind kind, string description, string functions) in waits)
        {
            foreach (string function in functions.Split(' '))
                found.TryAdd(function, new GuestWait(kind, description));
        }

        return found;
    }
}
