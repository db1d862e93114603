using System.IO.Enumeration;
using Osprey.Guests.Threads;
using Osprey.Session.Guests;

namespace Osprey.Session.Answers.Guests.Threads;

/// <summary>The threads that a question is about, and their order.</summary>
public sealed record ThreadQuery
{
    /// <summary>
    /// Names of threads, with * and ? for any text and letter, numbers of threads or processes, or addresses of the
    /// objects that the system keeps threads in; none means all.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Addresses of the objects that the system keeps the threads in; null means all.</summary>
    public IReadOnlySet<ulong>? Addresses { get; init; }

    /// <summary>States such as "waiting", or the letters that the system has for them; none means all.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>The CPU that they run on or ran on last; null for any.</summary>
    public int? Cpu { get; init; }

    /// <summary>The order.</summary>
    public ThreadOrder Order { get; init; }

    /// <summary>True to find out where each thread is and what it waits for.</summary>
    public bool WithPlaces { get; init; } = true;

    /// <summary>True to find out which control group and which namespaces each thread is in.</summary>
    public bool WithGroups { get; init; }

    /// <summary>True to put threads below their processes, and processes below those that made them.</summary>
    public bool AsTree { get; init; }

    /// <summary>Chooses and orders.</summary>
    public IEnumerable<GuestThreadState> Choose(IEnumerable<GuestThreadState> threads)
    {
        IEnumerable<GuestThreadState> chosen = threads.Where(thread =>
            (Names.Count == 0 || Names.Any(name => IsNamed(thread, name)))
            && (States.Count == 0 || States.Any(state => HasState(thread, state)))
            && (Cpu is null || thread.Cpu == Cpu)
            && (Addresses is null || Addresses.Contains(thread.Address))
        );
        return Order switch
        {
            ThreadOrder.Name => chosen.OrderBy(thread => thread.Name, StringComparer.Ordinal),
            ThreadOrder.Cpu => chosen.OrderBy(thread => thread.Cpu ?? int.MaxValue),
            ThreadOrder.State => chosen.OrderBy(thread => thread.State, StringComparer.Ordinal),
            ThreadOrder.CpuTime => chosen.OrderByDescending(thread => thread.CpuTime ?? -1),
            ThreadOrder.Memory => chosen.OrderByDescending(thread => thread.ResidentSize ?? 0),
            ThreadOrder.Since => chosen.OrderBy(thread => thread.SwitchedAt ?? long.MaxValue),
            ThreadOrder.Switches => chosen.OrderByDescending(thread => thread.Switches ?? 0),
            _ => chosen.OrderBy(thread => thread.Id),
        };
    }

    /// <summary>
    /// Tells whether a name, a number or an address is that of a thread, or the number of its process.
    /// </summary>
    internal static bool IsNamed(GuestThreadState thread, string name) =>
        FileSystemName.MatchesSimpleExpression(name, thread.Name, false)
        || (
            NumberText.TryParse(name, out ulong number)
            && (thread.Id == number || thread.ProcessId == number || thread.Address == number)
        );

    // Letters differ by case: T and t.
    internal static bool HasState(GuestThreadState thread, string state) =>
        string.Equals(thread.State, state, StringComparison.OrdinalIgnoreCase)
        || (state.Length == 1 && thread.StateLetter == state[0]);
}
