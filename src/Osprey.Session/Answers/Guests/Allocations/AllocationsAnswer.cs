using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Allocations;

/// <summary>The answer to: who allocated the memory that is in use?</summary>
/// <param name="List">All allocations that the kernel recorded.</param>
/// <param name="GroupCount">The number of chains of calls that are asked for, those left out included.</param>
/// <param name="Groups">
/// The chains, that with the most bytes first. Their frames are named while they are enumerated.
/// </param>
public sealed record AllocationsAnswer(GuestAllocationList List, int GroupCount, IEnumerable<AllocationChain> Groups)
{
    /// <summary>The columns.</summary>
    public static Shape<AllocationsAnswer> Shape { get; } =
        new Shape<AllocationsAnswer>("allocations")
            .Boolean("recording", answer => answer.List.IsOn)
            .Unsigned("sequence", answer => answer.List.Sequence)
            .Integer("count", answer => answer.List.Items.Count)
            .Integer("groupCount", answer => answer.GroupCount)
            .Records("groups", answer => answer.Groups, () => AllocationChain.Shape)
            .Texts("defects", answer => answer.List.Defects);

    /// <summary>Asks a guest. A live guest is not paused.</summary>
    /// <param name="session">The guest.</param>
    /// <param name="query">The allocations to show.</param>
    /// <param name="context">The wish to end early.</param>
    /// <exception cref="TargetException">The kernel is not known, or was built without the record.</exception>
    public static AllocationsAnswer Ask(GuestSession session, AllocationQuery query, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(context);
        var os = session.RequireAbility<IGuestAllocations>("who allocated its memory is not known");
        GuestAllocationList list = os.ReadAllocations(session.Kernel, context.Cancellation);
        (int Chain, NumberRange Sizes, NumberRange Births)[] order = Choose(list, query);
        var names = new Dictionary<ulong, SymbolFrame[]>();
        return new AllocationsAnswer(
            list,
            order.Length,
            order
                .Take(query.Limit)
                .Select(item => new AllocationChain(
                    item.Sizes,
                    item.Births,
                    Name(session, os, list.Chains[item.Chain], names, context)
                ))
        );
    }

    /// <summary>Chooses the chains of calls that are asked for, that with the most bytes first.</summary>
    internal static (int Chain, NumberRange Sizes, NumberRange Births)[] Choose(
        GuestAllocationList list,
        AllocationQuery query
    )
    {
        var sizes = new NumberRange[list.Chains.Count];
        var births = new NumberRange[list.Chains.Count];
        foreach (GuestAllocation item in list.Items.Where(item => query.After == 0 || item.Sequence > query.After))
        {
            sizes[item.Chain] = sizes[item.Chain].With(item.Size);
            births[item.Chain] = births[item.Chain].With(item.Sequence);
        }

        return
        [
            .. Enumerable
                .Range(0, sizes.Length)
                .Where(i => sizes[i].Count > 0 && sizes[i].Sum >= query.MinBytes)
                .OrderByDescending(i => sizes[i].Sum)
                .ThenByDescending(i => sizes[i].Count)
                .ThenBy(i => births[i].Least)
                .Select(i => (i, sizes[i], births[i])),
        ];
    }

    /// <summary>Names the frames of a chain, without those of the record itself at its front.</summary>
    private static List<SymbolFrame> Name(
        GuestSession session,
        IGuestAllocations os,
        ulong[] chain,
        Dictionary<ulong, SymbolFrame[]> names,
        QuestionContext context
    )
    {
        context.Cancellation.ThrowIfCancellationRequested();
        var frames = new List<SymbolFrame>();
        foreach (ulong address in chain)
        {
            if (!names.TryGetValue(address, out SymbolFrame[]? found))
                names[address] = found = Resolve(session, address);

            foreach (SymbolFrame frame in found)
            {
                if (frames.Count > 0 || frame.Name is null || !os.IsRecorder(frame.Name))
                    frames.Add(frame);
            }
        }

        return frames;
    }

    private static SymbolFrame[] Resolve(GuestSession session, ulong address)
    {
        // A return address: the call is before it.
        var found = new List<SymbolFrame>();
        ulong inside = address == 0 ? 0 : address - 1;
        return session.Symbols.TryResolve(inside, found)
            ? [.. found.Select(frame => frame with { Address = address })]
            : [new SymbolFrame(address, null)];
    }
}
