using Osprey.Dap.Protocol;
using Osprey.Dap.Protocol.Bodies;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Dap.Stops;
using Osprey.Dap.Values;
using Osprey.Debug;
using Osprey.Session.Guests;
using Osprey.Target;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Printing;

namespace Osprey.Dap;

/// <content>Expressions, and the commands of the debug console.</content>
internal sealed partial class AdapterConversation
{
    /// <summary>The thread that the client asked about last.</summary>
    private DebugThread? _lookedAt;

    private void Evaluate(DapInput request)
    {
        EvaluateArguments arguments = Read(request, DapJson.Default.EvaluateArguments);
        string text = arguments.Expression?.Trim() ?? "";
        if (text.Length == 0)
            throw new FormatException("there is no expression");

        if (arguments.Context == "repl" && RunCommand(request, text, arguments))
            return;

        DapVariable? answer = null;
        WithStopped(() =>
        {
            Value value = Compute(text, _motion is null ? arguments.FrameId : null);
            if (value.Follow() is { Problem: { } problem, ResolvedType: not Symbols.Types.Compounds.CompoundType })
                throw new TargetException(problem.Message);

            string result = arguments.Context is "repl" or "clipboard"
                ? ValueText.Format(value, ValueTextOptions.Default with { Hex = arguments.Format?.Hex ?? false })
                : VariableList.FormatShort(value, arguments.Format);
            answer = Variables.Describe(
                new ChildValue(text, value) { Expression = text },
                ("evaluate", arguments.FrameId),
                arguments.Format
            ) with
            {
                Value = result,
            };
        });
        bool isStopped = _motion is null;
        connection.Respond(
            request,
            new EvaluateBody
            {
                Result = answer!.Value,
                Type = answer.Type,
                VariablesReference = isStopped ? answer.VariablesReference : 0,
                NamedVariables = isStopped ? answer.NamedVariables : null,
                IndexedVariables = isStopped ? answer.IndexedVariables : null,
                MemoryReference = answer.MemoryReference,
            },
            DapJson.Default.EvaluateBody
        );
        if (!isStopped)
            _view.Clear();
    }

    private Value Compute(string text, int? frameId)
    {
        GuestThread context = Session.Current.FindContext() ?? Session.Guest.Vcpu;
        if (frameId is not int id)
            return context.Evaluate(text);

        StackRow row = FindFrame(id);
        IVariableScope scope = row.Stack.GetScope(row.Index);
        return ValueExpression.Evaluate(text, row.Stack.Values, context.WithCurrent(scope));
    }

    /// <summary>
    /// Runs what is a command. A variable of the frame that begins the line is meant before a command of that name;
    /// <c>osprey</c> before it says that the command is.
    /// </summary>
    private bool RunCommand(DapInput request, string text, EvaluateArguments arguments)
    {
        StackRow? row = arguments.FrameId is int id && _motion is null ? _view.FindFrame(id) : null;
        string first = new([.. text.TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')]);
        if (first.Length > 0 && row?.Stack.GetScope(row.Index).FindVariable(first) is not null)
            return false;

        string? output = null;
        DebugThread? thread = row?.Stack.Thread ?? (_motion is null ? _lookedAt : null);
        WithStopped(() => output = _debuggee?.RunCommand(text, thread, _work));
        if (output is null)
            return false;

        Session.Forget();
        connection.Respond(request, new EvaluateBody { Result = output.TrimEnd('\n') }, DapJson.Default.EvaluateBody);
        return true;
    }
}
