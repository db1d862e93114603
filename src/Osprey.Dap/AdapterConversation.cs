using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osprey.Binary;
using Osprey.Dap.Guests;
using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Stops;
using Osprey.Dap.Values;
using Osprey.Debug;
using Osprey.Session.Guests.Sources;
using Osprey.Target;
using Osprey.Values.Expressions;

namespace Osprey.Dap;

/// <summary>One client's conversation with the adapter: each request gets its response.</summary>
/// <remarks>
/// Whatever a message holds, the session lives on: what is malformed, not known or fails is answered by an error. All
/// is done by one thread; while the guest runs it looks in turn for a stop and for requests.
/// </remarks>
/// <param name="open">Opens the guest that the client asks for.</param>
/// <param name="connection">The connection.</param>
/// <param name="cancellation">
/// Ends it from this side. The guest is then not touched any more: whoever reached it leaves it.
/// </param>
internal sealed partial class AdapterConversation(
    DebuggeeOpener open,
    DapConnection connection,
    CancellationToken cancellation
) : IDisposable
{
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(500);

    private readonly StopView _view = new();
    private InitializeArguments? _client;
    private AttachArguments? _arguments;
    private Debuggee? _debuggee;
    private LaunchedQemu? _qemu;
    private ClientSources _sources = new(null, null);
    private CancellationToken _work;
    private bool _hasResumed;
    private bool _hasLeft;

    private DebugSession Session =>
        _debuggee?.Session
        ?? throw new TargetException(
            _hasEnded ? "the guest ended" : "no guest is attached: \"attach\" or \"launch\" comes first"
        );

    private VariableList Variables => field ??= new VariableList(_view);

    private int FirstLine => _client?.LinesStartAt1 == false ? 1 : 0;

    /// <summary>Answers requests until the client leaves.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    /// <exception cref="OperationCanceledException">The program ends.</exception>
    public void Run()
    {
        while (!_hasLeft)
        {
            if (_motion is not null)
            {
                TellStopIfThere();
                LookForPlaces();
            }

            TimeSpan patience =
                _motion is not null ? TimeSpan.Zero
                : _debuggee is not null ? s_idle
                : Timeout.InfiniteTimeSpan;
            if (connection.Receive(patience, cancellation) is not { } input)
            {
                NoticeEnd();
                continue;
            }

            switch (input.Kind)
            {
                case DapInputKind.Closed:
                    return;
                case DapInputKind.Malformed:
                    connection.Fail(input, input.Problem);
                    break;
                default:
                    Take(input);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            LeaveGuest(endsLaunched: true);
        }
        catch (TargetException)
        {
            // It ended.
        }

        _sources.Dispose();
    }

    private void Take(DapInput request)
    {
        using CancellationTokenSource source = connection.Begin(request, cancellation);
        _work = source.Token;
        try
        {
            _work.ThrowIfCancellationRequested();
            Answer(request);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            connection.Fail(request, "cancelled");
        }
        catch (TargetException failed)
        {
            connection.Fail(request, failed.Message);
            NoticeEnd();
        }
        catch (Exception failed)
            when (failed
                    is FormatException
                        or ExpressionException
                        or BadDataException
                        or SourcesException
                        or UnauthorizedAccessException
            )
        {
            connection.Fail(request, failed.Message);
        }
        finally
        {
            connection.End();
        }
    }

    private void Answer(DapInput request)
    {
        if (_client is null && request.Command is not ("initialize" or "disconnect"))
            throw new FormatException("\"initialize\" comes first");

        switch (request.Command)
        {
            case "initialize":
                Initialize(request);
                break;
            case "attach":
                Attach(request, Read(request, DapJson.Default.AttachArguments), null);
                break;
            case "launch":
                LaunchArguments launch = Read(request, DapJson.Default.LaunchArguments);
                Attach(request, launch, launch);
                break;
            case "configurationDone":
                EndConfiguration(request);
                break;
            case "disconnect":
                Disconnect(request);
                break;
            case "threads":
                ListThreads(request);
                break;
            case "stackTrace":
                ListFrames(request);
                break;
            case "scopes":
                ListScopes(request);
                break;
            case "variables":
                ListVariables(request);
                break;
            case "evaluate":
                Evaluate(request);
                break;
            case "continue":
                Continue(request);
                break;
            case "pause":
                Pause(request);
                break;
            case "next" or "stepIn" or "stepOut":
                Step(request);
                break;
            case "stepBack" or "reverseContinue":
                GoBack(request);
                break;
            default:
                AnswerOther(request);
                break;
        }
    }

    private void AnswerOther(DapInput request)
    {
        switch (request.Command)
        {
            case "setBreakpoints":
                SetSourceBreakpoints(request);
                break;
            case "setFunctionBreakpoints":
                SetFunctionBreakpoints(request);
                break;
            case "setInstructionBreakpoints":
                SetInstructionBreakpoints(request);
                break;
            case "setDataBreakpoints":
                SetDataBreakpoints(request);
                break;
            case "dataBreakpointInfo":
                DescribeDataBreakpoint(request);
                break;
            case "setExceptionBreakpoints":
                connection.Respond(request); // there are none to choose from
                break;
            case "disassemble":
                Disassemble(request);
                break;
            case "readMemory":
                ReadMemory(request);
                break;
            case "writeMemory":
                WriteMemory(request);
                break;
            case "modules":
                ListModules(request);
                break;
            case "source":
                ReadSource(request);
                break;
            default:
                throw new FormatException($"the request \"{Shorten(request.Command)}\" is not known");
        }
    }

    /// <summary>Reads a request's arguments.</summary>
    /// <exception cref="FormatException">They are malformed, or missing.</exception>
    private static TArguments Read<TArguments>(DapInput request, JsonTypeInfo<TArguments> type)
        where TArguments : class
    {
        try
        {
            return request.Arguments.ValueKind == JsonValueKind.Object
                ? request.Arguments.Deserialize(type)!
                : throw new FormatException($"\"{request.Command}\" has no arguments");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            string where = malformed is JsonException { Path: { Length: > 2 } path } ? $" at {path[2..]}" : "";
            throw new FormatException($"the arguments of \"{request.Command}\" are malformed{where}", malformed);
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");
}
