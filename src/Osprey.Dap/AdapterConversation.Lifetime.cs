using System.Diagnostics;
using Osprey.Binary;
using Osprey.Dap.Guests;
using Osprey.Dap.Motions;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Session.Guests.Sources;
using Osprey.Target;

namespace Osprey.Dap;

/// <content>The beginning and the end of a session.</content>
internal sealed partial class AdapterConversation
{
    private static readonly TimeSpan s_stubPatience = TimeSpan.FromSeconds(5);

    private bool _hasEnded;
    private bool _isConfigured;

    private static Capabilities Can { get; } =
        new()
        {
            SupportsConfigurationDoneRequest = true,
            SupportsFunctionBreakpoints = true,
            SupportsConditionalBreakpoints = true,
            SupportsHitConditionalBreakpoints = true,
            SupportsLogPoints = true,
            SupportsDataBreakpoints = true,
            SupportsDataBreakpointBytes = true,
            SupportsInstructionBreakpoints = true,
            SupportsDisassembleRequest = true,
            SupportsReadMemoryRequest = true,
            SupportsWriteMemoryRequest = false,
            SupportsSteppingGranularity = true,
            SupportsEvaluateForHovers = true,
            SupportsClipboardContext = true,
            SupportsValueFormattingOptions = true,
            SupportsModulesRequest = true,
            SupportsDelayedStackTraceLoading = true,
            SupportsCancelRequest = true,
            SupportTerminateDebuggee = false,
            SupportsTerminateRequest = false,
            SupportsSetVariable = false,
            SupportsStepBack = false,
        };

    private void Initialize(DapInput request)
    {
        if (_client is not null)
            throw new FormatException("\"initialize\" came before");

        InitializeArguments client = Read(request, DapJson.Default.InitializeArguments);
        if (client.PathFormat is not (null or "path"))
            throw new FormatException("files are named by paths here, not by URIs");

        _client = client;
        connection.Respond(request, Can, DapJson.Default.Capabilities);
    }

    private void Attach(DapInput request, AttachArguments arguments, LaunchArguments? launch)
    {
        if (_debuggee is not null)
            throw new FormatException("a guest is attached already");

        try
        {
            if (launch is not null)
                _qemu = LaunchedQemu.Start(launch, PrintOfQemu, _work);

            _debuggee = Open(arguments);
            _arguments = arguments;
            GitSources? git = arguments.Git is { } repository
                ? GitSources.Open(repository, arguments.Commit ?? Session.Guest.Identity.Version)
                : null;
            _sources.Dispose();
            _sources = new ClientSources(arguments.SourceMap, git);
        }
        catch (Exception failed) when (failed is IOException or TargetException or BadDataException or FormatException)
        {
            LeaveGuest(endsLaunched: true);
            _arguments = null;
            throw failed is IOException ? new TargetException(failed.Message, failed) : failed;
        }

        Session.Logged += (_, _, text) => connection.Print(text + "\n");
        Print($"osprey: {Session.Guest.Description}");
        TellNotes();
        TellCapabilities(launch is not null);
        connection.Respond(request);
        connection.Tell("initialized");
    }

    private Debuggee Open(AttachArguments arguments)
    {
        var wish = new GuestWish
        {
            Target = _qemu?.Target ?? arguments.Target,
            Qmp = arguments.Qmp,
            ExecutablePath = arguments.Exe,
            Modules = arguments.Modules ?? [],
            Sysroots = arguments.Sysroot ?? [],
            AcceptsAnyBuild = arguments.AnyBuild ?? false,
            NoCache = arguments.NoCache ?? false,
            IsLook = arguments.Look ?? false,
            MayWrite = arguments.AllowWrite ?? false,
        };
        if (wish is { IsLook: true, MayWrite: true })
            throw new FormatException("choose one of \"look\" and \"allowWrite\"");

        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Debuggee opened = open(wish, _work);
            if (
                _qemu is null
                || wish.IsLook
                || opened.Session.CanSteer
                || Stopwatch.GetElapsedTime(start) > s_stubPatience
            )
                return opened;

            // A QEMU that was just started may not listen yet.
            opened.Dispose();
            _work.WaitHandle.WaitOne(100);
            _work.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Tells the client what this guest has, or lacks, of what was promised for any.</summary>
    private void TellCapabilities(bool isLaunched)
    {
        bool canSteer = Session.CanSteer;
        if (!canSteer)
            Print("osprey: only to look at: " + DescribeLooking());

        if (canSteer && !isLaunched && !Session.CanWrite && !Session.CanGoBack)
            return;

        var changed = new Capabilities
        {
            SupportsWriteMemoryRequest = Session.CanWrite ? true : null,
            SupportTerminateDebuggee = isLaunched ? true : null,
            SupportsStepBack = Session.CanGoBack ? true : null,
            SupportsFunctionBreakpoints = canSteer ? null : false,
            SupportsConditionalBreakpoints = canSteer ? null : false,
            SupportsHitConditionalBreakpoints = canSteer ? null : false,
            SupportsLogPoints = canSteer ? null : false,
            SupportsDataBreakpoints = canSteer ? null : false,
            SupportsInstructionBreakpoints = canSteer ? null : false,
        };
        connection.Tell(
            "capabilities",
            new CapabilitiesBody { Capabilities = changed },
            DapJson.Default.CapabilitiesBody
        );
    }

    private string DescribeLooking() =>
        _arguments?.Look == true ? "as \"look\" says"
        : Session.Guest.Target.Access == TargetAccess.Core ? "a core file"
        : "QEMU has no gdb stub (start it with -s, or give its monitor: gdbserver tcp:localhost:1234)";

    private void EndConfiguration(DapInput request)
    {
        if (_isConfigured)
            throw new FormatException("\"configurationDone\" came before");

        bool runs = Session.CanSteer && _arguments?.StopOnEntry != true;
        _isConfigured = true;
        connection.Respond(request);
        if (runs)
            Begin(new FreeRun(Session, null));
        else
            TellStopped("entry", Session.CanSteer ? "stands still" : "is looked at", Session.Current);
    }

    private void Disconnect(DapInput request)
    {
        DisconnectArguments arguments =
            request.Arguments.ValueKind == System.Text.Json.JsonValueKind.Object
                ? Read(request, DapJson.Default.DisconnectArguments)
                : new DisconnectArguments();
        LeaveGuest(arguments.TerminateDebuggee ?? true);
        _hasLeft = true;
        connection.Respond(request);
    }

    /// <summary>Leaves the guest as it was found. One that was started is ended, or left running.</summary>
    private void LeaveGuest(bool endsLaunched)
    {
        _motion = null;
        _view.Clear();
        _breakpoints.Clear();
        Debuggee? debuggee = _debuggee;
        _debuggee = null;
        try
        {
            // When the program ends, whoever hooked the signal leaves the guest; two at once would disturb each other.
            if (debuggee is not null && !cancellation.IsCancellationRequested)
                debuggee.Session.LetGo(debuggee.WasRunning || _qemu is not null, _hasResumed);
        }
        finally
        {
            debuggee?.Dispose();
            if (!endsLaunched)
                _qemu?.LetGo();
            else
                _qemu?.Dispose();

            _qemu = null;
        }
    }

    /// <summary>Tells the client if the guest is not there any more.</summary>
    private void NoticeEnd()
    {
        if (_debuggee is null)
            return;

        try
        {
            if (_qemu?.ExitCode is null)
            {
                Session.Guest.RequireAlive();
                return;
            }
        }
        catch (TargetException)
        {
            // It is not.
        }

        TellEnd();
    }

    private void TellEnd()
    {
        int? code = _qemu?.ExitCode;
        _hasEnded = true;
        try
        {
            LeaveGuest(endsLaunched: true);
        }
        catch (TargetException)
        {
            // As expected: there is nothing left to leave.
        }

        if (code is int known)
            connection.Tell("exited", new ExitedBody { ExitCode = known }, DapJson.Default.ExitedBody);

        connection.Tell("terminated");
    }

    private void TellNotes()
    {
        foreach (string note in _debuggee?.TakeNotes() ?? [])
            Print($"osprey: note: {note}");
    }

    private void Print(string line) => connection.Print(line + "\n");

    private void PrintOfQemu(string text, string category)
    {
        try
        {
            connection.Print(text, category);
        }
        catch (IOException)
        {
            // The client is gone: nobody reads it.
        }
    }
}
