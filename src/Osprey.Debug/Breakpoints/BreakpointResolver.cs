using Osprey.Session.Guests;
using Osprey.Session.Guests.Code;
using Osprey.Symbols;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Values;
using Osprey.Values.Expressions;

namespace Osprey.Debug.Breakpoints;

/// <summary>Finds the places of breakpoints in a guest, as it is now.</summary>
internal static class BreakpointResolver
{
    /// <summary>Most bytes that one watchpoint watches.</summary>
    private const int MaxWatched = 8;

    /// <summary>Most places of one breakpoint.</summary>
    private const int MaxPlaces = 1_000;

    /// <summary>Finds the places and what to insert there; none when it must wait.</summary>
    /// <exception cref="TargetException">It can never have a place.</exception>
    public static (IReadOnlyList<CodePlace> Places, IReadOnlyList<Breakpoint> Points) Resolve(
        GuestSession guest,
        BreakpointSettings settings
    )
    {
        if (settings.Location is BreakpointLocation.Data data)
            return ResolveData(guest, settings.Kind, data);

        IReadOnlyList<CodePlace> places = settings.Location switch
        {
            BreakpointLocation.Function function => CodeFinder.FindFunction(guest, function.Name),
            BreakpointLocation.Line line => CodeFinder.FindLine(guest, line.File, line.Number),
            BreakpointLocation.Address address => FindAddress(guest, address.Expression) is ulong found
                ? [CodeFinder.Describe(guest, found)]
                : [],
            _ => [],
        };
        if (settings.OnlyCompiled)
            places = [.. places.Where(place => !place.IsInlined)];

        if (places.Count > MaxPlaces)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"'{settings.Location}' stands for {places.Count} places; at most {MaxPlaces} are possible"
            );

        BreakpointKind kind =
            settings.Kind is BreakpointKind.Hardware ? BreakpointKind.Hardware : BreakpointKind.Software;
        return (places, [.. places.Select(place => new Breakpoint(kind, place.Address))]);
    }

    private static ulong? FindAddress(GuestSession guest, string expression)
    {
        try
        {
            return guest.Selected.ResolveAddress(expression, isPhysical: false);
        }
        catch (FormatException)
        {
            return null; // a symbol that is not known yet
        }
    }

    private static (IReadOnlyList<CodePlace>, IReadOnlyList<Breakpoint>) ResolveData(
        GuestSession guest,
        BreakpointKind kind,
        BreakpointLocation.Data data
    )
    {
        ulong address;
        int size = data.Size ?? MaxWatched;
        try
        {
            if (data.Size is not null)
            {
                address = guest.Selected.ResolveAddress(data.Expression, isPhysical: false);
            }
            else
            {
                Value value = guest.Selected.Evaluate(data.Expression);
                address =
                    value.Address
                    ?? throw new TargetException(TargetProblem.NotSupported, $"'{data.Expression}' is not in memory");
                size = (int)Math.Min(value.Size ?? MaxWatched, int.MaxValue);
            }
        }
        catch (Exception unknown) when (unknown is FormatException or ExpressionException)
        {
            return ([], []);
        }

        if (size is < 1 or > MaxWatched)
            throw new TargetException(
                TargetProblem.NotSupported,
                $"'{data.Expression}' has {size} bytes; 1 to {MaxWatched} can be watched"
            );

        BreakpointKind access = kind is BreakpointKind.ReadWatchpoint or BreakpointKind.AccessWatchpoint
            ? kind
            : BreakpointKind.WriteWatchpoint;
        return ([new CodePlace(address, guest.NameAddress(address))], [new Breakpoint(access, address, size)]);
    }
}
