"""What `xiaoer eval` says: the heads of its tables and the words of its report."""

TITLE = "小二测评"
INSIDE, OUTSIDE, INTENTS, MISSES = "该答的问题", "不该答的问题", "意图", "没答好的"
INSIDE_HEAD = (
    "哪些",
    "题数",
    "首选命中",
    "前三命中",
    "单独作答",
    "作答答对",
    "答错",
    "作答或给选项",
    "转人工",
    "校准误差",
)
OUTSIDE_HEAD = ("哪些", "题数", "单独作答", "作答或给选项", "转人工", "区分度")
INTENT_HEAD = ("哪些", "题数", "准确率", "宏平均 F1")
MISSES_HEAD = ("编号", "原话", "应引", "意图", "决定", "候选（把握，引用）")
ALL = "全部"
TUNED, REPORTED = "调过参的", "没调过参的"
QUESTION, COMPLAINT = "提问", "投诉"
LONG, SHORT = "60 字以上", "60 字以内"
NOTE = "括号里是 95% 置信区间（Wilson）。命中：候选引用了标注的关键条文，或就是标注的条目；引用超过六条算没中。区分度：该答的比不该答的更有把握的概率（AUROC）。"
FOLDS_NOTE = "「没调过参的」是按编号散列分出的四分之一，训练从不读它。"
KINDS = {"question": QUESTION, "complaint": COMPLAINT}
FOLDS = {"tune": TUNED, "report": REPORTED}

NO_FILE = "没有这个文件：{file}"
BAD_FILE = "{file} 里有一行不是带 id 和 text 的 JSON：{reason}"
WRITTEN = "报告写在 {file}。里面有测评原话，请不要提交到仓库。"


def share(value: float, low: float, high: float) -> str:
    """Return a share with its interval."""
    return f"{value:.3f} ({low:.2f}–{high:.2f})"
