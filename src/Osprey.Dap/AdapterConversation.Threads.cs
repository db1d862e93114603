using System.Globalization;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Dap.Stops;
using Osprey.Dap.Values;
using Osprey.Debug;
using Osprey.Target;
using Osprey.Target.Unwinding;

namespace Osprey.Dap;

/// <content>Threads, stacks and variables.</content>
internal sealed partial class AdapterConversation
{
    private const int MaxChanges = 1000;

    private IReadOnlyList<DapThread> _listed = [];
    private string? _threadProblem;

    private void ListThreads(DapInput request)
    {
        // The names of the last stop will do while the guest runs.
        if (_motion is null || _listed.Count == 0)
            WithStopped(ReadThreads);

        connection.Respond(request, new ThreadsBody { Threads = _listed }, DapJson.Default.ThreadsBody);
    }

    private void ReadThreads()
    {
        IReadOnlyList<DapThread> before = _listed;
        _listed = [.. Session.Threads.Select(Describe)];
        if (Session.ThreadProblem is { } problem && problem != _threadProblem)
            Print($"osprey: threads: {problem}");

        _threadProblem = Session.ThreadProblem;
        if (before.Count == 0)
            return;

        HashSet<int> old = [.. before.Select(thread => thread.Id)];
        HashSet<int> now = [.. _listed.Select(thread => thread.Id)];
        foreach (int id in old.Where(id => !now.Contains(id)).Take(MaxChanges))
            TellThread("exited", id);

        foreach (int id in now.Where(id => !old.Contains(id)).Take(MaxChanges))
            TellThread("started", id);
    }

    private void TellThread(string reason, int id) =>
        connection.Tell("thread", new ThreadBody { Reason = reason, ThreadId = id }, DapJson.Default.ThreadBody);

    private static DapThread Describe(DebugThread thread) =>
        new()
        {
            Id = ToId(thread.Number),
            Name = thread.State is { } state
                ? string.Create(CultureInfo.InvariantCulture, $"{state.Id} {thread.Name} ({thread.Description})")
                : $"{thread.Name} ({thread.Description})",
        };

    private void ListFrames(DapInput request)
    {
        StackTraceArguments arguments = Read(request, DapJson.Default.StackTraceArguments);
        RequireStopped();
        ThreadStack stack = _view.GetStack(Session.Guest, FindThread(arguments.ThreadId));
        _lookedAt = stack.Thread;
        int start = Math.Clamp(arguments.StartFrame ?? 0, 0, stack.Rows.Count);
        int count = arguments.Levels is > 0 and var levels
            ? Math.Min(levels, stack.Rows.Count - start)
            : stack.Rows.Count - start;
        var frames = new List<DapStackFrame>(count);
        for (int i = start; i < start + count; i++)
            frames.Add(Describe(stack, i));

        connection.Respond(
            request,
            new StackTraceBody { StackFrames = frames, TotalFrames = stack.Rows.Count },
            DapJson.Default.StackTraceBody
        );
    }

    private DapStackFrame Describe(ThreadStack stack, int index)
    {
        BacktraceRow row = stack.Rows[index];
        string address = string.Create(CultureInfo.InvariantCulture, $"0x{row.Address:x}");
        return new DapStackFrame
        {
            Id = _view.AddFrame(stack, index),
            Name = (row.Function ?? address) + (row.IsInlined ? " [inlined]" : ""),
            Source = row.File is { } file ? _sources.Describe(file) : null,
            Line = row is { File: not null, Line: > 0 and var line } ? line - FirstLine : 0,
            Column = 0,
            InstructionPointerReference = address,
            ModuleId = FindModuleId(row.Address),
            PresentationHint = row.Function is null ? "subtle" : null,
        };
    }

    private void ListScopes(DapInput request)
    {
        FrameArguments arguments = Read(request, DapJson.Default.FrameArguments);
        RequireStopped();
        StackRow row = FindFrame(arguments.FrameId);
        _lookedAt = row.Stack.Thread;
        var scopes = new List<DapScope>();
        if (row.Stack.FindVariables(row.Index) is { } variables)
        {
            Add("Arguments", "arguments", new FrameVariables(variables, isParameters: true));
            Add("Locals", "locals", new FrameVariables(variables, isParameters: false));
        }

        Add(
            "Registers",
            "registers",
            new RegisterVariables(row.Stack.GetRegisters(row.Index), row.Stack.GetScope(row.Index))
        );
        connection.Respond(request, new ScopesBody { Scopes = scopes }, DapJson.Default.ScopesBody);

        void Add(string name, string hint, VariableGroup group)
        {
            if (group.NamedCount > 0)
                scopes.Add(
                    new DapScope
                    {
                        Name = name,
                        PresentationHint = hint,
                        VariablesReference = _view.AddGroup((arguments.FrameId, name), group),
                        NamedVariables = group.NamedCount,
                        Expensive = false,
                    }
                );
        }
    }

    private void ListVariables(DapInput request)
    {
        VariablesArguments arguments = Read(request, DapJson.Default.VariablesArguments);
        RequireStopped();
        _ = Session;
        VariableGroup group =
            _view.FindGroup(arguments.VariablesReference)
            ?? throw new TargetException("these variables are of an earlier stop, or there are none of this number");
        List<DapVariable> variables = Variables.List(group, arguments, _work);
        connection.Respond(request, new VariablesBody { Variables = variables }, DapJson.Default.VariablesBody);
    }

    private StackRow FindFrame(int id) =>
        _view.FindFrame(id)
        ?? throw new TargetException("the frame is of an earlier stop, or there is none of this number");
}
