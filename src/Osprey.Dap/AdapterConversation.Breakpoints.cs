using System.Globalization;
using Osprey.Dap.Breakpoints;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Dap.Values;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Target.Execution;
using Osprey.Values;

namespace Osprey.Dap;

/// <content>Breakpoints.</content>
internal sealed partial class AdapterConversation
{
    private const int MaxBreakpoints = 10_000;
    private const int MaxWatched = 8;

    private readonly ClientBreakpoints _breakpoints = new();
    private int _lastBreakpoint;

    private void SetSourceBreakpoints(DapInput request)
    {
        SetBreakpointsArguments arguments = Read(request, DapJson.Default.SetBreakpointsArguments);
        DapSource source = arguments.Source ?? throw new FormatException("\"source\" is missing");
        IReadOnlyList<SourceBreakpoint> wanted = arguments.Breakpoints ?? [];
        string[] paths = [.. _sources.FindDebugPaths(source)];
        Set(
            request,
            $"source:{source.Path ?? source.Name}",
            wanted,
            one => ResolveLine(paths, one.Line + FirstLine),
            made => made.Line is int line ? new DapBreakpoint { Source = source, Line = line - FirstLine } : new()
        );
    }

    private void SetFunctionBreakpoints(DapInput request)
    {
        SetFunctionBreakpointsArguments arguments = Read(request, DapJson.Default.SetFunctionBreakpointsArguments);
        Set(
            request,
            "functions",
            arguments.Breakpoints ?? [],
            one => AtInstruction("function breakpoint", Session.Guest.Selected.ResolveAddress(one.Name ?? "", false))
        );
    }

    private void SetInstructionBreakpoints(DapInput request)
    {
        SetInstructionBreakpointsArguments arguments = Read(
            request,
            DapJson.Default.SetInstructionBreakpointsArguments
        );
        Set(
            request,
            "instructions",
            arguments.Breakpoints ?? [],
            one => AtInstruction("instruction breakpoint", FindAddress(one.InstructionReference, one.Offset))
        );
    }

    private void SetDataBreakpoints(DapInput request)
    {
        SetDataBreakpointsArguments arguments = Read(request, DapJson.Default.SetDataBreakpointsArguments);
        Set(request, "data", arguments.Breakpoints ?? [], Watch);
    }

    /// <summary>Puts the breakpoints of a group into the guest, and tells what became of each.</summary>
    private void Set<TWanted>(
        DapInput request,
        string group,
        IReadOnlyList<TWanted> wanted,
        Func<TWanted, ClientBreakpoint> resolve,
        Func<ClientBreakpoint, DapBreakpoint>? describe = null
    )
    {
        if (wanted.Count > MaxBreakpoints)
            throw new FormatException($"at most {MaxBreakpoints} breakpoints can be set at once");

        IReadOnlyList<ClientBreakpoint> done = [];
        if (!Session.CanSteer)
        {
            done = [.. wanted.Select(_ => Fail("the guest is only looked at"))];
        }
        else
        {
            WithStopped(() =>
                done = _breakpoints.Replace(Session, group, [.. wanted.Select(one => Resolve(one, resolve))])
            );
        }

        connection.Respond(
            request,
            new BreakpointsBody { Breakpoints = [.. done.Select(one => Describe(one, describe))] },
            DapJson.Default.BreakpointsBody
        );
    }

    private ClientBreakpoint Resolve<TWanted>(TWanted wanted, Func<TWanted, ClientBreakpoint> resolve)
    {
        try
        {
            return resolve(wanted);
        }
        catch (Exception failed) when (failed is FormatException or TargetException)
        {
            return Fail(failed.Message);
        }
    }

    private static DapBreakpoint Describe(
        ClientBreakpoint made,
        Func<ClientBreakpoint, DapBreakpoint>? describe
    ) =>
        (describe?.Invoke(made) ?? new DapBreakpoint()) with
        {
            Id = made.Id,
            Verified = made.Problem is null,
            Message = made.Problem,
            InstructionReference =
                made.Places is [{ IsInstruction: true } place, ..]
                    ? string.Create(CultureInfo.InvariantCulture, $"0x{place.Address:x}")
                    : null,
        };

    private ClientBreakpoint ResolveLine(string[] paths, int line) => Fail("lines are not known yet");

    private ClientBreakpoint AtInstruction(string reason, ulong address) =>
        new(++_lastBreakpoint, reason, [new Breakpoint(BreakpointKind.Software, address)]);

    private ClientBreakpoint Fail(string problem) => new(++_lastBreakpoint, "breakpoint", [], problem);

    private ClientBreakpoint Watch(DataBreakpoint wanted)
    {
        string[] words = (wanted.DataId ?? "").Split('/');
        if (
            words.Length != 2
            || !NumberText.TryParse(words[0], out ulong address)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            || size is < 1 or > MaxWatched
        )
            throw new FormatException($"'{Shorten(wanted.DataId ?? "")}' is nothing that can be watched");

        BreakpointKind kind = wanted.AccessType switch
        {
            "read" => BreakpointKind.ReadWatchpoint,
            "readWrite" => BreakpointKind.AccessWatchpoint,
            _ => BreakpointKind.WriteWatchpoint,
        };
        return new ClientBreakpoint(++_lastBreakpoint, "data breakpoint", [new Breakpoint(kind, address, size)]);
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
                    Description = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: {size} bytes at 0x{address:x}"
                    ),
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

    private bool IsBreakpoint(ulong address) => _breakpoints.FindAt(address).Count > 0;

    private (string Reason, IReadOnlyList<int> Ids) FindBreakpoints(ulong? address)
    {
        IReadOnlyList<ClientBreakpoint> found = address is ulong known ? _breakpoints.FindAt(known) : [];
        return (found.Count > 0 ? found[0].Reason : "breakpoint", [.. found.Select(one => one.Id)]);
    }

    private IReadOnlyList<int> FindWatchpoints(ulong address) =>
        [.. _breakpoints.FindWatching(address).Select(one => one.Id)];
}
