using System.Diagnostics;
using System.Globalization;
using Osprey.Dap.Breakpoints;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Debug.Breakpoints;
using Osprey.Session.Guests;
using Osprey.Target.Execution;
using Osprey.Values;

namespace Osprey.Dap;

/// <content>Breakpoints.</content>
internal sealed partial class AdapterConversation
{
    private const int MaxBreakpoints = 10_000;
    private const int MaxWatched = 8;

    private static readonly TimeSpan s_leastLookInterval = TimeSpan.FromMilliseconds(500);

    private readonly ClientBreakpoints _breakpoints = new();
    private TimeSpan _lookInterval = s_leastLookInterval;
    private long _lastLook;

    private void SetSourceBreakpoints(DapInput request)
    {
        SetBreakpointsArguments arguments = Read(request, DapJson.Default.SetBreakpointsArguments);
        DapSource source = arguments.Source ?? throw new FormatException("\"source\" is missing");
        string[] paths = [.. _sources.FindDebugPaths(source)];
        Set(
            request,
            $"source:{source.Path ?? source.Name}",
            "breakpoint",
            arguments.Breakpoints,
            wish =>
                paths.Select(path =>
                    MakeSettings(
                        new BreakpointLocation.Line(path, wish.Line + FirstLine),
                        wish.Condition,
                        wish.HitCondition,
                        wish.LogMessage
                    )
                )
        );
    }

    private void SetFunctionBreakpoints(DapInput request) =>
        Set(
            request,
            "functions",
            "function breakpoint",
            Read(request, DapJson.Default.SetFunctionBreakpointsArguments).Breakpoints,
            wish => [MakeSettings(BreakpointLocation.Parse(wish.Name ?? ""), wish.Condition, wish.HitCondition)]
        );

    private void SetInstructionBreakpoints(DapInput request) =>
        Set(
            request,
            "instructions",
            "instruction breakpoint",
            Read(request, DapJson.Default.SetInstructionBreakpointsArguments).Breakpoints,
            wish =>
            {
                ulong address = FindAddress(wish.InstructionReference, wish.Offset);
                string text = string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
                return [MakeSettings(new BreakpointLocation.Address(text), wish.Condition, wish.HitCondition)];
            }
        );

    private void SetDataBreakpoints(DapInput request) =>
        Set(
            request,
            "data",
            "data breakpoint",
            Read(request, DapJson.Default.SetDataBreakpointsArguments).Breakpoints,
            wish => [Watch(wish)]
        );

    /// <summary>Puts the breakpoints of a group into the guest, and tells what became of each.</summary>
    private void Set<TWish>(
        DapInput request,
        string group,
        string reason,
        IReadOnlyList<TWish>? wanted,
        Func<TWish, IEnumerable<BreakpointSettings>> resolve
    )
        where TWish : notnull
    {
        IReadOnlyList<TWish> wishes = wanted ?? [];
        if (wishes.Count > MaxBreakpoints)
            throw new FormatException($"at most {MaxBreakpoints} breakpoints can be set at once");

        if (wishes.Any(wish => wish is null))
            throw new FormatException("a breakpoint is null");

        IReadOnlyList<ClientBreakpoint> done = [];
        if (!Session.CanSteer)
            done = [.. wishes.Select(wish => _breakpoints.Refuse(wish, "the guest is only looked at"))];
        else
            WithStopped(() => done = _breakpoints.Replace(Session, group, reason, wishes, resolve));

        connection.Respond(
            request,
            new BreakpointsBody { Breakpoints = [.. done.Select(Describe)] },
            DapJson.Default.BreakpointsBody
        );
    }

    private static BreakpointSettings MakeSettings(
        BreakpointLocation location,
        string? condition,
        string? hits,
        string? log = null
    ) =>
        new(location)
        {
            Condition = string.IsNullOrWhiteSpace(condition) ? null : condition,
            Hit = string.IsNullOrWhiteSpace(hits) ? null : HitCondition.Parse(hits),
            Log = string.IsNullOrEmpty(log) ? null : LogText.Parse(log),
        };

    private DapBreakpoint Describe(ClientBreakpoint made) =>
        new()
        {
            Id = made.Id,
            Verified = made.IsVerified,
            Message = made.Message,
            Source = made.Place?.File is { } file ? _sources.Describe(file) : null,
            Line = made.Place?.Line is > 0 and var line ? line - FirstLine : null,
            InstructionReference = made is { Reason: not "data breakpoint", Place: { } place }
                ? string.Create(CultureInfo.InvariantCulture, $"0x{place.Address:x}")
                : null,
        };

    /// <summary>Tells the client of breakpoints that waited for a place and have one now.</summary>
    private void TellVerified()
    {
        foreach (ClientBreakpoint found in _breakpoints.TakeVerified())
            connection.Tell(
                "breakpoint",
                new BreakpointBody { Reason = "changed", Breakpoint = Describe(found) },
                DapJson.Default.BreakpointBody
            );
    }

    /// <summary>
    /// Looks, now and then, whether a guest that runs has what breakpoints wait for: it is stopped for that moment.
    /// </summary>
    private void LookForPlaces()
    {
        if (_motion is null || !_breakpoints.HasPending || Stopwatch.GetElapsedTime(_lastLook) < _lookInterval)
            return;

        long start = Stopwatch.GetTimestamp();
        WithStopped(() => Session.ResolvePending());
        TellVerified();
        _lastLook = Stopwatch.GetTimestamp();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        _lookInterval = took * 20 > s_leastLookInterval ? took * 20 : s_leastLookInterval;
    }

    private static BreakpointSettings Watch(DataBreakpoint wish)
    {
        string[] words = (wish.DataId ?? "").Split('/');
        if (
            words.Length != 2
            || !NumberText.TryParse(words[0], out _)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int size)
        )
            throw new FormatException($"'{Shorten(wish.DataId ?? "")}' is nothing that can be watched");

        return MakeSettings(new BreakpointLocation.Data(words[0], size), wish.Condition, wish.HitCondition) with
        {
            Kind = wish.AccessType switch
            {
                "read" => BreakpointKind.ReadWatchpoint,
                "readWrite" => BreakpointKind.AccessWatchpoint,
                _ => BreakpointKind.WriteWatchpoint,
            },
        };
    }

    private void DescribeDataBreakpoint(DapInput request)
    {
        DataBreakpointInfoArguments arguments = Read(request, DapJson.Default.DataBreakpointInfoArguments);
        string name = arguments.Name ?? throw new FormatException("\"name\" is missing");
        (ulong? address, ulong? size, string? problem) found = (null, null, null);
        WithStopped(() => found = FindWatched(arguments, name));
        (ulong? address, ulong? size, string? problem) = found;
        problem ??=
            address is null ? $"'{name}' is not in memory"
            : size is null or 0 ? $"the size of '{name}' is not known"
            : size > MaxWatched ? $"'{name}' has {size} bytes; at most {MaxWatched} can be watched: choose a part of it"
            : null;
        connection.Respond(
            request,
            problem is null
                ? new DataBreakpointInfoBody
                {
                    DataId = string.Create(CultureInfo.InvariantCulture, $"0x{address:x}/{size}"),
                    Description = string.Create(CultureInfo.InvariantCulture, $"{name}: {size} bytes at 0x{address:x}"),
                    AccessTypes = ["read", "write", "readWrite"],
                }
                : new DataBreakpointInfoBody { Description = problem },
            DapJson.Default.DataBreakpointInfoBody
        );
    }

    private (ulong? Address, ulong? Size, string? Problem) FindWatched(
        DataBreakpointInfoArguments arguments,
        string name
    )
    {
        ulong? bytes = arguments.Bytes is > 0 and var wanted ? (ulong)wanted : null;
        if (arguments.AsAddress == true)
            return (FindAddress(name, 0), bytes ?? MaxWatched, null);

        if (arguments.VariablesReference is > 0 and int reference)
        {
            RequireStopped();
            Value? part = _view.FindGroup(reference)?.Find(name)?.Value?.Follow();
            return (part?.Address, bytes ?? part?.Size, part is null ? $"there is no '{name}'" : null);
        }

        Value value = Compute(name, _motion is null ? arguments.FrameId : null).Follow();
        return (value.Address, bytes ?? value.Size, null);
    }
}
