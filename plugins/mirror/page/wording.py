"""What pages say around an article, in words: lines that are no part of any text, and lines that end one.

A pattern belongs here when a reader would know the line as the page's, whatever the article is about. Patterns are
matched on the text of one leaf.
"""

from __future__ import annotations

import re

END_ZH = (
    r"(?:相关|推荐|延伸|热门|精彩|关联|拓展|更多|往期|编辑)(?:阅读|新闻|报道|文章|链接|推荐|内容|资讯|专题|视频"
    r"|稿件|话题|热点|导读|回顾|评论)"
    r"|猜你喜欢|您?(?:可能|也许)(?:还|也|会)*(?:喜欢|感兴趣|想看).{0,6}|看了这篇的?人?.{0,6}|继续阅读|下一篇"
    r"|看完.{0,12}有[何什].{0,8}|你(?:怎么看|有什么看法"
    r"|觉得).{0,10}|大家(?:都在看|还在看)|为[您你]推荐|推荐给[您你]|看过本文的(?:人|还)|(?:今日|本周|24小时"
    r"|48小时)?(?:热点|热门|热榜|要闻|头条|排行榜?|点击排行|热文)"
    r"|(?:网友|全部|最新|热门|精彩|我要|发表|参与|用户|查看)?(?:评论|跟贴|跟帖|留言)(?:区|列表)?(?:[(（]\d+[)）])?"
    r"|我来说两句|我要评论|说点什么吧?|参与讨论"
    r"|相关(?:标签|公司|股票)|分享(?:到|至)?|本文标签|文章标签|专题推荐|图片新闻|图片推荐|友情链接|新闻排行"
    r"|视频推荐|相关附件|新闻推荐|频道推荐|(?:精彩|热门|高清)(?:图片|图集|组图|专题|推荐)|关于我们|联系我们"
)
END_EN = (
    r"(?:related|recommended|popular|trending|latest|similar|other|more|top|featured|editor['’]s?)"
    r"(?: (?:news|stories|articles|posts|topics|links|content|coverage|reading|items|videos|reads|headlines"
    r"|stories like this|now|picks?|for you))+"
    r"|about us|(?:related|trending(?: now)?|recommended|most (?:read|viewed|popular|shared|commented)(?: .{0,20})?"
    r"|read (?:more|next|also|this next)|up next|further reading"
    r"|see also|also read|also (?:from|in|on|by) .{1,40}|upcoming events|next up.{0,30}|keep reading"
    r"|more galleries|explore|you (?:may|might|could) (?:also )?(?:like|be interested in|enjoy|have missed).{0,20}"
    r"|more (?:(?:news |press )?(?:releases?|stories|news|articles|posts) )?(?:from|on|in|by|about|like) .{1,50}|more"
    r"|don['’]t miss"
    r"|what to read next|around the web|from (?:the|around the) web|sponsored(?: content| links)?"
    r"|promoted(?: stories| content)?|paid content|next (?:article|story|post|up)|previous (?:article|story|post)"
    r"|(?:\d+ )?comments?(?: ?[(]\d+[)])?|leave a (?:reply|comment)|join the (?:conversation|discussion)"
    r"|post a comment|add a comment|have your say|view (?:all )?comments|show comments"
    r"|share(?: this)?(?: (?:article|story|post|on|via|with friends).{0,20})?|tags|filed under|topics"
    r"|about the authors?|author bio|sign up .{0,60}newsletters?|comments are closed|recent posts|follow us)"
)
END = re.compile(rf"^[\W_]*(?:{END_ZH})[\W_]*$|^[\W_]*(?:{END_EN})[\W_]*$", re.IGNORECASE)
"""The headline of what stands below an article: related stories, comments, tags."""

LINES_ZH = (
    r"第?\s?\d+\s?页?\s?[/／，,（(]?\s?共\s?\d+\s?页[)）]?|[\W_]*(?:分享(?:到|至|给)|转发(?:到|至)|打印|关闭(?:窗口|本页)?|收藏(?:本文)?|字[号体](?:[:：]|大小|：)?"
    r"|【?字体|我要(?:纠错|投稿|分享|收藏)|纠错|举报|点赞"
    r"|返回(?:顶部|首页|列表|搜狐)"
    r"|顶一下|踩一下|顶|踩|上一[篇页条]|下一[篇页条]|下一则|上一则|首页|末页|尾页|加载(?:中|更多)|点击加载"
    r"|查看更多|展开(?:全文|更多|阅读)|收起|阅读全文|余下全文|登录|注册|播放|暂停|重播"
    r"|放大|缩小|大中小|大 中 小|版面编辑|分[隔割]线|正文已结束|本帖最后由|只看该作者|发表于|您可以按|跳过"
    r"|欢迎(?:关注|订阅|下载))[^。！？]{0,24}"
    r"|\W*更多\W*|(?:阅读|浏览|点击|人气|查看|评论|播放|回复)(?:次数|量|数|率)?\s?[:：(（]?\s?\d.{0,30}"
    r"|(?:视频)?(?:视频加载中|正在加载|暂无(?:评论|数据)"
    r"|还没有(?:评论|人)|快来(?:评论|抢沙发)|抢沙发|Loading).{0,20}"
    r"|(?:(?:赞|评论|分享|收藏|转发|利好|利空|阅读|顶|踩|喜欢|点赞|在看|推荐|浏览)\s?\d*\W*){1,6}|广告|AD|推广"
    r"|赞助商?链接|(?:当前|您(?:当前)?"
    r"|你)?(?:所在)?(?:的)?位置\s?(?:是)?[:：].*|(?:您|你)(?:现在|当前|目前)?(?:所在|的位置|正在).{0,40}"
    r"|进入专题.{0,30}|End of .{1,30}"
    r"|(?:用户名|密码|验证码|匿名|昵称|表情)\s?[:：]?.{0,20}"
    r"|(?:查看|阅读|点击)(?:原文|全文|大图)?.{0,30}(?:>+|》+|»)"
    r"|(?:往期|更多)(?:回顾|精彩|阅读).{0,30}|(?:本文|此文|该文)?(?:首发于?|来自)[^。，]{0,20}(?:公众号|微信).{0,30}"
)
LINES_EN = (
    r"(?:advertisement|advertising|ad|sponsored|promoted|loading\W*|close|print|email|share|tweet|pin it|save"
    r"|listen|watch|read more|continue reading|show more|load more|view (?:all|more|gallery)"
    r"|skip (?:to|advert|ad).*|(?:the )?(?:story|article) continues.*|continue reading below.*|continued below.*"
    r"|scroll (?:down )?(?:to|for).*|report (?:this )?ad|remove ads?|this is a modal.*"
    r"|(?:play|pause|mute|unmute|replay)(?: video)?|image \d+ of \d+|(?:page )?\d+ of \d+|\d+/\d+|back to top|go back"
    r"|previous|next|copy link|link copied!?|copied!?|jump to .*|in this (?:article|story)"
    r"|getty images|gallery|video|photos?|reprints?|reply|report|follow|following|subscribe|sign (?:up|in)|log ?in"
    r"|register|menu|search|home|reuse this content|permissions?|(?:font|text) size.*|opens? (?:in"
    r"|a) new (?:window|tab)"
    r"|(?:facebook|twitter|whatsapp|linkedin|pinterest|reddit|instagram|telegram|messenger|flipboard|email|print|x"
    r"|sms|copy link|tumblr|mail|google\+?|youtube|threads|bluesky|snapchat|copy|comments?|share|bookmark)"
    r"(?:\W+(?:facebook|twitter|whatsapp|linkedin|pinterest|reddit|instagram|telegram|messenger|flipboard|email"
    r"|print|x|sms|tumblr|mail|google\+?|copy|link|share|youtube|comments?))*)\W*"
    r"|(?:read|see|watch|listen|also|more|related|recommended|click|tap|don['’]t miss|must read|exclusive|in pics?"
    r"|photos?|video|up next|further reading|most read)"
    r"(?: (?:more|also|next|this|full story|here|now|read|on this|articles?|stor(?:y|ies)|reading))*\s?(?::|—|–|-"
    r"|\||>|»|→).*"
    r"|(?:click|tap) (?:here|on|to|below)\b.{0,140}"
    r"|(?:please )?(?:enter|provide) (?:your|a valid) .{0,40}|(?:follow|like|find|join|connect with) (?:us|me|him"
    r"|her|the author|[A-Z]\w+(?: [A-Z]\w+)?) (?:on|at|via|in our)\b.{0,160}"
    r"|(?:you can )?follow .{1,60} on (?:twitter|x|facebook|instagram|threads|bluesky|tiktok|google news|telegram"
    r"|whatsapp)\b.*|(?:get|download) (?:the|our) .{0,40}app\b.*"
    r"|(?:be the first to|leave a|post a|add a|write a|join the|view|read|show|see|hide) .{0,20}(?:comments?|reply"
    r"|conversation|discussion)\b.{0,30}|(?:subscribe|register|log in|sign in|create an account)\b.{0,50}"
    r"|(?:filed under|tagged|tags?|categories|category|posted in|posted under|more on|more about|more from"
    r"|related topics|keywords|in this story)\s?:?\s.*|published (?:in|by) .{0,60}"
    r"|(?:\d+\s)?(?:min(?:ute)?s?) read\b.{0,20}|(?:share|tweet|pin|save) (?:this|on|to|via|article|story"
    r"|with)\b.{0,60}|estimated reading time.{0,20}|(?:last )?(?:updated|modified|published|posted)(?: on"
    r"| at)?\s?:?\s.{0,60}"
    r"|(?:show|hide|toggle|view|expand|enlarge) (?:this )?(?:caption|image|photo|gallery"
    r"|slideshow)(?: in fullscreen)?|view image in fullscreen|listen to (?:this )?(?:article|story).{0,30}"
    r"|skip .{1,40}"
    r"|view this post on instagram|a post shared by .{1,120}|in case you missed it.{0,80}"
    r"|today['’]s top (?:stories|headlines).{0,30}|never miss a .{1,60}"
    r"|(?:sponsored )?content continues below.{0,20}"
    r"|our standards: .{1,80}|register now for .{1,80}|more: .*|must[- ]reads?:? .{1,120}|check out:? .{1,120}"
    r"|top stories.{0,40}|this entry was posted .*|order reprints.*"
    r"|comments? (?:on this (?:article|story|post) )?(?:is|are|have been) (?:now )?(?:closed|disabled|moderated).*"
)
LINES = re.compile(rf"[\W_]{{0,6}}(?:{LINES_ZH}|{LINES_EN})$", re.IGNORECASE)
"""Whole lines of the page, matched from their beginning to their end."""

CALLS_ZH = (
    r"扫一扫|技术支持\s?[:：]|热线\s?[:：]|第\s?\d+\s?位?访[客问]|(?:新闻)?[报爆]料\s?[:：]|支持键盘|(?:全屏"
    r"|列表)(?:观看|查看)|高清大图|加入[^。，]{0,20}好友"
    r"|如需转载|打赏|赞赏|如果觉得[^。]{0,12}(?:文章|内容)|"
    r"(?:扫码|扫描)[^。，]{0,14}(?:关注|二维码|下载|加群|入群|观看|分享)|长按(?:识别)?二维码|微信扫|识别二维码"
    r"|(?:关注|搜索|添加|订阅)[^。，]{0,16}(?:公众号|微信号|官方微博|头条号|视频号)|(?:公众号|微信号|官方微信"
    r"|官方微博)\s?[:：]"
    r"|(?:打开|下载|安装)[^。，]{0,14}(?:APP|客户端)[^。]{0,10}(?:查看|阅读|体验|更多|观看|下载|获取|$)|海量资讯"
    r"|精准解读|APP内打开|新用户立享"
    r"|点击(?:进入|查看|阅读|下方|上方|此处|图片|链接|观看|订阅|关注|这里)[^。]{0,30}(?:>+|》+|»|专题|详情|大图"
    r"|原文|更多|下一页|阅读|$)"
    r"|返回搜狐|更多(?:精彩|新闻|内容|资讯|报道|猛料|详情)[^。]{0,30}(?:关注|点击|请|尽在|下载|登录|查看|>>|》|$)"
    r"|未经[^。]{0,16}(?:授权|许可|允许|同意)[^。]{0,20}(?:不得|禁止|严禁|转载|使用|复制|摘编)|不代表(?:本网|本站"
    r"|本报|本平台|平台|网站|其)[^。]{0,12}(?:立场|观点)"
    r"|仅代表(?:作者|其|该)[^。]{0,10}(?:本人|个人)?[^。]{0,6}观点|(?:信息|提供)[^。]{0,8}(?:存储"
    r"|发布)(?:空间)?(?:服务|平台)|(?:特别|免责|郑重|平台|版权"
    r"|转载|风险)(?:声明|提示)\s?[:：]"
    r"|(?:侵权|侵犯)[^。]{0,30}(?:联系|删除|告知)|转载(?:请|须|需|务必)[^。]{0,20}(?:注明|标明|联系|出处)"
    r"|投资(?:有风险|需谨慎)|据此(?:操作|入市)"
    r"|不构成[^。]{0,10}(?:建议|意见)"
    r"|(?:联系|客服|投稿|爆料|监督)(?:我们|电话|热线|邮箱|方式)\s?[:：]|文明上网|理性发言|文明发言|严禁发布"
    r"|自觉遵守|(?:登录|注册)(?:后|之后|即可|才能)[^。]{0,20}(?:评论"
    r"|发表|查看|参与|阅读)|^[^。，]{0,8}提醒您[:：]"
)
CALLS_EN = (
    r"\bsign up (?:for|to|here|now|below|today)\b.{0,100}(?:newsletter|email|alert|inbox|briefing|updates|free"
    r"|daily|account)"
    r"|\b(?:subscribe|subscribing) (?:to|now|today|here|for)\b.{0,80}(?:newsletter|podcast|channel|email|inbox"
    r"|edition|access|today|week|unlimited|account|now|read)"
    r"|\b(?:our|free|daily|weekly|morning|the) (?:\w+ ){0,3}newsletters?\b.{0,120}(?:inbox|sign|subscribe|deliver"
    r"|email)|(?:delivered|straight|direct(?:ly)?) (?:\w+ ){0,3}(?:to|in) your inbox"
    r"|get (?:the )?(?:latest|breaking|top|more)\b.{0,100}(?:inbox|newsletter|app|alerts|delivered|notifications)"
    r"|^by (?:signing up|clicking|subscribing|submitting|continuing|registering|providing)\b.{0,300}(?:terms"
    r"|privacy|agree|policy|consent)|\bour privacy (?:policy|notice)\b|\bterms (?:of (?:use|service)"
    r"|and conditions|& conditions) (?:apply|and)\b"
    r"|\bdownload (?:the|our) .{0,40}app\b|(?:may|must|can)(?:not| not) be (?:published|reproduced|copied"
    r"|reprinted)|\bpermission (?:of|from|to reproduce)\b.{0,60}(?:publisher|author|copyright)"
    r"|this (?:article|story|material|content) (?:was|is|may|has been) (?:originally |first )?(?:published"
    r"|produced|protected|not be|syndicated)\b"
    r"|^(?:have|got|do you have|know) (?:a |an |any |something |more |you )?(?:\w+ )?(?:story|tip|tips|news"
    r"|confidential|photo|opinion)\b.{0,160}(?:\?|email|contact|call|us)"
    r"|(?:email|contact|write to|reach) (?:us|the (?:author|newsroom|editor|reporter)|our (?:news ?(?:room|desk"
    r"|team)|reporter)).{0,10}(?:at|on|via)\b"
    r"|(?:support|donate to|contribute to|become a (?:member|subscriber|supporter)|make a (?:donation|contribution"
    r"|gift))\b.{0,60}(?:journalism|newsroom|independent reporting|with us)"
    r"|we (?:may )?(?:earn|receive|get) (?:a |an )?(?:small |affiliate )*commissions?|affiliate (?:links?|commission)"
    r"|(?:please )?(?:enable|turn on|allow|disable|whitelist) (?:javascript|cookies|your ad)"
    r"|your browser (?:does not|doesn['’]t|is)"
    r"|to (?:view|see|watch|continue|read|access) this (?:content|video|page|article|story|site).{0,60}(?:enable"
    r"|need|must|please|allow|subscribe|consent|log|sign|cookies)"
    r"|\bthanks for reading\b|\bfeel free to share\b|\breader-supported\b"
    r"|\bbecoming a (?:free or )?(?:paid )?(?:subscriber|member)\b|\b(?:full|unlimited|digital) access\b"
    r"|\byour feedback to help\b|\byou can follow any responses\b|\bleave a response\b|appears? in print on\b"
    r"|^for (?:all )?(?:the )?(?:latest|more|breaking)\b.{0,80}\b(?:download|follow|visit|click|subscribe"
    r"|check out|sign up|log on|stay tuned)\b"
    r"|\bhas not been edited by\b|\bsyndicated feed\b|\b(?:has been )?auto-?generated (?:from|by)\b|^(?:contact"
    r"|reach|e-?mail|follow|tweet) (?:[A-Z][\w.’'-]+ ){1,4}(?:at|on|via|@|:)|\b(?:follow|find) (?:him|her"
    r"|them) (?:on|at)\b"
    r"|\bcan be reached (?:at|on|via)\b|\bcontact the (?:author|reporter|writer|editor)s?\b"
    r"|\boriginally (?:appeared|published) (?:on|in|at|by)\b|\bread the original (?:article|story)\b"
    r"|\blet us know (?:in|what|if|your)\b|\bin the comments (?:below|section)\b"
    r"|\bwe want to hear from you\b|\bhave your say\b|\bsend (?:us )?(?:your )?(?:tips|feedback|photos|comments"
    r"|letters)\b|\bjoin (?:our|the) (?:whatsapp|telegram|facebook|community|conversation)\b|\blike (?:us"
    r"|this (?:article|story|page))\b.{0,30}(?:facebook|\?)"
    r"|\bsupport (?:our|local|independent|quality) (?:work|journalism|newsroom|reporting)\b|\b(?:push"
    r"|breaking news) (?:notifications?|alerts?)\b|\bstay (?:up to date|informed|ahead"
    r"|connected)\b.{0,80}(?:newsletter|app|alert|follow|subscri|sign)"
    r"|already (?:a subscriber|a member|have an account|subscribed)\b|^(?:the (?:views|opinions) expressed"
    r"|disclaimer\b)|\b(?:all rights reserved|powered by)\b"
)
CALLS = re.compile(f"{CALLS_ZH}|{CALLS_EN}", re.IGNORECASE)
"""Words with which a page turns to its readers, anywhere in a short paragraph."""

STRONG_NOTICE = re.compile(
    r"凡是?(?:本网|本站|本报|注明|来源)|凡是?[^。，]{0,12}注明|ICP[备证]|公网安备|许可证|版权(?:所有|声明)"
    r"|免责声明|举报(?:电话|邮箱|热线)|本网站所?刊|(?:与"
    r"|和)本[站网]联系|索取稿酬|知识产权|工作时间\s?[:：]|(?:请|可)(?:及时)?(?:与我们|联系我们)|登载此文"
    r"|传递更多信息|文章内容仅供参考|(?:网友|评论内容)只?代表网友"
    r"|all rights reserved|©|appears? in print on|order reprints|syndicated feed|editorial handbook"
    r"|journalists are subject to"
    r"|uses? cookies|(?:网友评论|评论)仅|不代表本[网站]|privacy policy"
    r"|access information on a device|public (?:inspection )?file\b|committed to (?:the )?accessibility"
    r"|equal opportunity employer|we value your privacy",
    re.IGNORECASE,
)
"""Rights and rules that may be long and read like prose."""

LONGEST_LINE, LONGEST_CALL, LONGEST_NOTICE = 70, 45, 280
"""Reading sizes up to which each of the three is noise: an article, too, may speak of newsletters."""

MOMENT = re.compile(
    r"(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}\s?[-/月.]\s?\d{1,2}|\d{1,2}:\d{2}"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s(?:19|20)\d\d"
    r"|\b\d+ (?:minutes?|hours?|days?|weeks?|months?) ago\b|\d+\s?(?:分钟|小时|天|周|个月)前|刚刚",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^[(（\[【]?\s?(?:(?:信息|文章|稿件|新闻|消息|内容)?来源|作者|记者|通讯员|责任编辑|责编|[^。，:：]{0,4}编辑"
    r"|实习生|统筹|策划|文字|图片|视频|制图|剪辑|排版|校审|监制"
    r"|采写|值班|主编|摄像|撰文|整理|[^。，:：]{0,4}图片?来源|审核|校对|发布时间|发布日期|时间|日期|更新时间"
    r"|原标题|点击数?|浏览|阅读|字号|文/|图/|摄影|供稿|投稿|撰稿|签发|监制|初审"
    r"|复审|终审"
    r"|by|source|published|updated|posted|author|written by|reporting by|edited by)[】\]]?\s?[:：|｜丨/】\]]\s?"
    r"|^(?:by"
    r"|source|published|updated|posted|written by|(?:additional |with )?reporting by|edit(?:ed|ing) by"
    r"|compiled by)\s",
    re.IGNORECASE,
)


BIO = re.compile(
    r"^(?:—|–|-|by |about )?\s?(?:[A-Z][\w.’'-]+\s){1,4}(?:\([^)]{1,40}\) )?(?:is|was|are|writes|covers|reports"
    r"|has (?:been|covered|written|worked|reported)|joined|lives|works|serves)\b"
    r".{0,300}\b(?:writer|reporter|journalist|editor|correspondent|columnist|author|freelance|professor|fellow"
    r"|novelist|producer|anchor|blogger|critic|covers|writes|reporting|newsroom|contributor|intern|staff|covered"
    r"|reported|reports|native of|graduate of|based in)\b"
    r"|^(?:[A-Z][\w.’'-]+\s){2,4}(?:covers|writes (?:about|on|for)|reports (?:on|for|from))\s"
)
"""The words on the writer below an English text; above 60 characters of reading size they are a text of their own."""


def is_noise(text: str, size: float) -> bool:
    """Whether a leaf is the page's line and not the article's."""
    if is_notice(text, size):
        return True
    if size > LONGEST_LINE:
        return False
    text = simplified(text)
    if LINES.match(text) or not _WORDS.search(text):
        return True
    return size <= LONGEST_CALL and bool(CALLS.search(text))


def is_figures(text: str) -> bool:
    """Whether a line has figures and no words, as a result or a price: ``2:1``; ``3/9`` counts pictures."""
    return not _WORDS.search(text) and any(char.isdigit() for char in text) and not LINES.match(text)


def is_notice(text: str, size: float) -> bool:
    """Whether a leaf speaks of rights and rules, at whatever length."""
    text = simplified(text)
    if size <= LONGEST_NOTICE and STRONG_NOTICE.search(text):
        return True
    return size > LONGEST_CALL and len(set(_LEGAL.findall(text.lower()))) >= ENOUGH_LEGAL


def opens_comments(text: str) -> bool:
    """Whether a leaf is the headline of what readers say."""
    return len(text) <= 40 and bool(_COMMENTS.match(simplified(text)))


_COMMENTS = re.compile(
    r"[\W_]*(?:(?:网友|全部|最新|热门|精彩|读者)(?:热议|评论|跟[贴帖]|留言|热评)|评论区?|跟[贴帖]|亮了的回复"
    r"|(?:共有?|已有|全部|查看)?\s?\d+\s?[条个篇]\s?(?:网友|精彩|用户)?(?:评论|跟[贴帖]|留言|回复)"
    r"|comments?|(?:view |all )?\d+ comments?"
    r"|leave a (?:reply|comment)"
    r"|join the (?:conversation|discussion))(?:\s?[(（]?\d*[)）]?)[\W_]*$",
    re.IGNORECASE,
)


_LEGAL = re.compile(
    r"本(?:网站?|站|公司|平台|报社)|版权|转载|侵权|声明|授权|免责|法律(?:责任|申明|声明)|稿酬|著作权|不承担|概不"
    r"|仅供参考|投资(?:建议|有风险)|风险自[负担]|删除"
    r"|copyright|reserved|disclaimer|permission|liab(?:le|ility)|terms of (?:use|service)|privacy|cookies"
    r"|trademark|reproduc|redistribut|consent|third part(?:y|ies)|opt out|personal data"
)
ENOUGH_LEGAL = 4
"""Different words of rights and rules that make a paragraph a notice, however long it is."""


def simplified(text: str) -> str:
    """Traditional characters of the words that are looked for in their simplified form."""
    return text.translate(_SIMPLIFIED)


_SIMPLIFIED = str.maketrans(
    "來記編輯責報導閱讀點擊鏈關聯評論發時間網號圖標題聲權轉載訂體動態會訪問開啟載錄錯誤繼續當讚賞薦熱門頻視線這還個們對應專導話紹華電們於與無為處項資訊請後",
    "来记编辑责报导阅读点击链关联评论发时间网号图标题声权转载订体动态会访问开启载录错误继续当赞赏荐热门频视线这还个们对应专导话绍华电们于与无为处项资讯请后",
)
_WORDS = re.compile(r"[^\W\d_]")


def ends_the_text(text: str) -> bool:
    """Whether a leaf is the headline of what stands below an article."""
    return len(text) <= 60 and bool(END.match(simplified(text)))


def signs_off(text: str) -> bool:
    """Whether a leaf is the line of the editor, below which nothing belongs to the text."""
    return len(text) <= 60 and bool(_EDITOR.match(simplified(text)))


_EDITOR = re.compile(
    r"[\W_]*(?:责任编辑|责编|(?:版面|本文|值班)?编辑|编辑部?|审核|校对|终审)\s?[:：|｜丨/]|【(?:责任)?编辑[:：】]"
    r"|[（(\[]?(?:责任)?编辑[：: ]"
)


def is_line_of_facts(text: str) -> bool:
    """Whether a short leaf gives moment, source or people, and nothing else: ``2018-03-08 来源：海港晚报``."""
    if len(text) > 160 or _SENTENCE.search(text):
        return False
    text = simplified(text)
    rest, facts = _FACT.subn(" ", text)
    if LABEL.match(text):
        return len(text) <= 60 or (facts > 1 and len(rest.strip()) <= 30)
    return bool(MOMENT.search(text)) and len(re.sub(r"[\W_]+", "", rest)) <= 30


_SENTENCE = re.compile(r"[。！？，]|[a-z]{3,}\.(?:\s|$)")
_FACT = re.compile(rf"(?:{MOMENT.pattern})[:\d]*|https?://\S+|{LABEL.pattern.lstrip('^')}\S{{0,16}}", re.IGNORECASE)
