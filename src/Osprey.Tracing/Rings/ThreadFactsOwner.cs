using System.Runtime.InteropServices;
using System.Text;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Rings;

/// <summary>Keeps a thread's <see cref="ThreadFacts"/> for as long as the thread lives.</summary>
internal sealed unsafe class ThreadFactsOwner
{
    private const int UsesOfName = 1024;

    [ThreadStatic]
    private static ThreadFacts* t_facts;

    [ThreadStatic]
    private static ThreadFactsOwner? t_owner;

    private readonly ThreadFacts* _facts;

    private ThreadFactsOwner()
    {
        _facts = (ThreadFacts*)NativeMemory.AllocZeroed((nuint)sizeof(ThreadFacts));
        _facts->Id = OperatingSystem.IsLinux() ? (ulong)Libc.GetThreadId() : (ulong)Environment.CurrentManagedThreadId;
        _facts->StackEnd = OperatingSystem.IsLinux() ? FindStackEnd() : 0;
        ReadName(_facts);
    }

    ~ThreadFactsOwner() => NativeMemory.Free(_facts);

    /// <summary>Gets the current thread's facts. Allocates when a thread asks first.</summary>
    public static ThreadFacts* Get()
    {
        ThreadFacts* facts = t_facts;
        if (facts == null)
            return Create();
        if (--facts->UsesLeft <= 0)
            ReadName(facts);
        return facts;
    }

    private static ThreadFacts* Create()
    {
        t_owner = new ThreadFactsOwner();
        return t_facts = t_owner._facts;
    }

    private static void ReadName(ThreadFacts* facts)
    {
        facts->UsesLeft = UsesOfName;
        var name = new Span<byte>(&facts->NameStart, RecordLayout.NameSize);
        name.Clear();
        if (OperatingSystem.IsLinux())
        {
            _ = Libc.ProcessControl(Libc.GetName, (nint)(&facts->NameStart), 0, 0, 0);
        }
        else if (Thread.CurrentThread.Name is { } text)
        {
            Encoding.UTF8.TryGetBytes(text.AsSpan(0, Math.Min(text.Length, 5)), name[..^1], out _);
        }
    }

    private static ulong FindStackEnd()
    {
        byte* attributes = stackalloc byte[256]; // pthread_attr_t has 56 bytes in glibc
        if (Libc.GetThreadAttributes(Libc.GetThread(), attributes) != 0)
            return 0;

        int error = Libc.GetStack(attributes, out nint low, out nuint size);
        _ = Libc.DestroyAttributes(attributes);
        return error == 0 ? unchecked((ulong)low + size) : 0;
    }
}
